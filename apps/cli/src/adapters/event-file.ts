// Events of a file in its order, read as a stream: files may be larger than memory.
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse';
import { type CsvMapping, type EventRequest, toEventRequest } from '../domain/csv-event.ts';

/** One line: an event, or why it is none. Lines count from 1, the header of a CSV file included. */
export type FileEvent = { line: number; event: EventRequest } | { line: number; problem: string };

export type FileFormat = 'csv' | 'ndjson';

export interface EventFile {
  format: FileFormat;
  bytes: number;
  /** Bytes taken off the disk by the latest reading. */
  bytesRead(): number;
  read(): AsyncGenerator<FileEvent>;
}

const SNIFFED_BYTES = 64 * 1024;
const GZIP_MAGIC = 0x1f8b;

/** Opens NDJSON or CSV, gzipped or not: gzip by content, the format by extension, otherwise by content. */
export async function openEventFile(path: string, mapping: CsvMapping): Promise<EventFile> {
  const { size } = await stat(path);
  const head = await readHead(path);
  const isGzip = head.length > 1 && head.readUInt16BE(0) === GZIP_MAGIC;
  const format = formatOf(path, isGzip ? unzipHead(head) : head);
  let bytesRead = (): number => 0;

  function contents(): Readable {
    const file = createReadStream(path);
    bytesRead = () => file.bytesRead;
    // Errors of the file reach the reader through the stream they end up in.
    return isGzip ? pipeline(file, createGunzip(), () => undefined) : file;
  }
  return {
    format,
    bytes: size,
    bytesRead: () => bytesRead(),
    read: () => (format === 'csv' ? readCsv(contents(), mapping) : readNdjson(contents())),
  };
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What can be read of a gzip stream that ends early. */
const unzipHead = (head: Buffer): Buffer => gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });

function formatOf(path: string, head: Buffer): FileFormat {
  const [, extension] = /\.(csv|ndjson|jsonl|json)(?:\.gz)?$/i.exec(path) ?? [];
  if (extension !== undefined) return extension.toLowerCase() === 'csv' ? 'csv' : 'ndjson';
  return head.toString('utf8').trimStart().startsWith('{') ? 'ndjson' : 'csv';
}

async function* readNdjson(contents: Readable): AsyncGenerator<FileEvent> {
  const lines = createInterface({ input: contents, crlfDelay: Infinity });
  // readline ends quietly where its input fails: the error is thrown below.
  contents.once('error', () => lines.close());
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() !== '') yield parseLine(text, line);
  }
  if (contents.errored) throw contents.errored;
}

function parseLine(text: string, line: number): FileEvent {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { line, event: { ...value } };
    return { line, problem: 'is no JSON object' };
  } catch {
    return { line, problem: 'is no JSON' };
  }
}

async function* readCsv(contents: Readable, mapping: CsvMapping): AsyncGenerator<FileEvent> {
  const parser = parse({ bom: true, skip_empty_lines: true, relax_column_count: true, info: true });
  const rows = pipeline(contents, parser, () => undefined) as AsyncIterable<{
    info: { lines: number };
    record: string[];
  }>;
  let header: readonly string[] | undefined;
  for await (const { info, record } of rows) {
    if (header === undefined) header = record.map((name) => name.trim());
    else yield toFileEvent({ header, record, line: info.lines }, mapping);
  }
}

function toFileEvent(
  { header, record, line }: { header: readonly string[]; record: readonly string[]; line: number },
  mapping: CsvMapping,
): FileEvent {
  if (record.length !== header.length) {
    return { line, problem: `has ${record.length} columns, the header has ${header.length}` };
  }
  const row = Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']));
  return { line, event: toEventRequest(row, line, mapping) };
}
