// Rows of a CSV body as they arrive. Broken rows are values, so that the rows after them are still read.
import { isUtf8 } from 'node:buffer';
import type { Readable as NodeReadable } from 'node:stream';
import { PassThrough, Readable, Transform, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ApiError, messageOf } from '@shopstream/platform';
import { parse } from 'csv-parse';
import type { Options, Parser } from 'csv-parse';

/** `cell` is the index of the cell that is wrong, where it is one. */
export type CsvRow = { row: number } & ({ cells: string[] } | { reason: string; cell?: number });

const byteOrderMark = Buffer.from('\ufeff');

/**
 * Reads comma-separated UTF-8, with or without BOM, plain or gzip, whatever the headers say. Row 1 is the first; empty lines count
 * but are left out. A quote inside an unquoted cell is taken as it stands.
 * @param maxBytes after decompression
 */
export async function* readCsv(
  body: NodeReadable,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<CsvRow, void, undefined> {
  const { parser, unclosed } = createParser();
  // The body outlives this reader: destroying it would close the connection before the answer.
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  const first = await chunks.next();
  const start = first.done === true ? Buffer.alloc(0) : first.value;
  const plain = start[0] === 0x1f && start[1] === 0x8b ? createGunzip() : new PassThrough();
  // An error of any part ends the parser with it.
  pipeline(Readable.from(startingWith(start, chunks)), plain, limitTo(maxBytes), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<CsvRow>;
  } catch (error) {
    throw toRefusal(error);
  }
  yield* unclosed;
}

function createParser(): { parser: Parser; unclosed: CsvRow[] } {
  let row = 0;
  const unclosed: CsvRow[] = [];
  const options: Options<CsvRow, Buffer[]> = {
    encoding: null,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    // Called as rows are read; what comes out of the parser may be many rows behind.
    on_record: (cells) => toRow(cells, ++row),
    skip_records_with_error: true,
    on_skip: () => {
      unclosed.push({ row: ++row, reason: 'has a quoted cell that is not closed' });
      return undefined;
    },
  };
  // Its types know no rows of buffers without a header.
  return { parser: parse(options as unknown as Options), unclosed };
}

async function* startingWith(start: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  yield* rest;
}

function toRow(cells: Buffer[], row: number): CsvRow | null {
  if (cells.length === 1 && cells[0]?.length === 0) return null;
  const cell = cells.findIndex((bytes) => !isUtf8(bytes));
  if (cell >= 0) return { row, reason: 'is not valid UTF-8', cell };
  return { row, cells: cells.map((bytes) => bytes.toString('utf8').trim()) };
}

/** Takes off the byte order mark too: csv-parse, when it does, decodes from then on and hides invalid UTF-8. */
function limitTo(maxBytes: number): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const isStart = total === 0;
      total += chunk.length;
      if (total <= maxBytes) {
        done(null, isStart && chunk.subarray(0, 3).equals(byteOrderMark) ? chunk.subarray(3) : chunk);
        return;
      }
      const details = { field: 'body', reason: `must be at most ${maxBytes} bytes`, limit: maxBytes };
      done(new ApiError('PAYLOAD_TOO_LARGE', 'File is too large; its first rows were imported', { details }));
    },
  });
}

function toRefusal(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('Z_') && code !== 'ECONNRESET') return error;
  const reason = code.startsWith('Z_') ? `is not valid gzip: ${messageOf(error)}` : 'broke off';
  return new ApiError('INVALID_INPUT', 'File cannot be read to its end', {
    details: { field: 'body', reason },
    cause: error,
  });
}
