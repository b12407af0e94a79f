import { itemQuerySchema, itemSchema } from '@shopstream/contracts';
import type { ItemImportAnswer, ItemInput } from '@shopstream/contracts';
import { ApiError, parseInput, validate } from '@shopstream/platform';
import type { Reply } from '@shopstream/platform';
import type { Request } from 'express';
import { toColumns } from '../domain/csv-header.ts';
import type { CsvColumn, CsvProblem } from '../domain/csv-header.ts';
import { toColumnName, toUncheckedItem } from '../domain/csv-row.ts';
import { readCsv } from './csv-body.ts';
import type { CsvRow } from './csv-body.ts';
import type { RouteDeps } from './route-deps.ts';

const maxFileBytes = 100 * 1024 * 1024;
const maxReportedErrors = 1_000;
const rowsPerTransaction = 500;
const contentTypes = ['text/csv', 'application/gzip', 'application/x-gzip', 'application/octet-stream'];

/** `POST /v1/items:import`: a CSV file, read as it arrives. Rows that are refused do not hold up the others. */
export async function importItems(req: Request, deps: RouteDeps): Promise<Reply> {
  const { namespace } = parseInput(itemQuerySchema, req.query, 'query');
  if (req.is(contentTypes) === false) {
    const details = { field: 'Content-Type', reason: `must be one of ${contentTypes.join(', ')}` };
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Content type is not supported', { details });
  }
  const rows = readCsv(req, { maxBytes: maxFileBytes });
  try {
    const columns = await readHeader(rows);
    return { status: 200, body: await importRows(rows, columns, { ...deps, namespace }) };
  } finally {
    // What was not read of a refused file must not wait in the connection for the next request.
    req.resume();
  }
}

async function readHeader(rows: AsyncIterator<CsvRow, void>): Promise<CsvColumn[]> {
  const header = await rows.next();
  if (header.done === true) throw refuse({ field: 'body', reason: 'has no header row' });
  if (!('cells' in header.value)) throw refuse({ field: 'header', reason: header.value.reason });
  const columns = toColumns(header.value.cells);
  if (!Array.isArray(columns)) throw refuse(columns);
  return columns;
}

function refuse(details: CsvProblem): ApiError {
  return new ApiError('INVALID_INPUT', 'The file is not a catalog', { details: { ...details } });
}

async function importRows(
  rows: AsyncIterable<CsvRow>,
  columns: readonly CsvColumn[],
  { items, metrics, now, namespace }: RouteDeps & { namespace: string },
): Promise<ItemImportAnswer> {
  const answer = emptyAnswer(columns);
  let waiting: ItemInput[] = [];

  async function write(): Promise<void> {
    const written = await items.upsert(waiting, { namespace, now: now() });
    waiting = [];
    for (const { status } of written) {
      answer[status] += 1;
      metrics.judged('import', status);
    }
  }

  for await (const row of rows) {
    answer.read += 1;
    const judged = judgeRow(row, columns);
    if (Array.isArray(judged)) {
      answer.refused += 1;
      metrics.judged('import', 'refused');
      const room = maxReportedErrors - answer.errors.length;
      answer.errors.push(...judged.slice(0, room).map((problem) => ({ row: row.row, ...problem })));
    } else if (waiting.push(judged) === rowsPerTransaction) {
      await write();
    }
  }
  if (waiting.length > 0) await write();
  answer.errors.sort((a, b) => a.row - b.row);
  return answer;
}

function emptyAnswer(columns: readonly CsvColumn[]): ItemImportAnswer {
  const ignored_columns = columns.filter((column) => column.field === null).map((column) => column.name);
  return { read: 0, created: 0, updated: 0, unchanged: 0, refused: 0, errors: [], ignored_columns };
}

function judgeRow(row: CsvRow, columns: readonly CsvColumn[]): ItemInput | CsvProblem[] {
  if (!('cells' in row)) {
    const field = row.cell === undefined ? 'row' : (columns[row.cell]?.name ?? `cell ${row.cell + 1}`);
    return [{ field, reason: row.reason }];
  }
  const unchecked = toUncheckedItem(columns, row.cells);
  if ('problems' in unchecked) return unchecked.problems;
  const valid = validate(itemSchema, unchecked.item, 'row');
  if (valid.ok) return valid.value;
  return valid.issues.map(({ field, reason }) => ({ field: toColumnName(columns, field), reason }));
}
