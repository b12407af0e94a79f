import type { CsvColumn, CsvField, CsvProblem } from './csv-header.ts';

const availability = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

/**
 * The cells of a row as an item that is not validated yet. An empty cell is a missing value; a product without a name gets its
 * id as name.
 */
export function toUncheckedItem(
  columns: readonly CsvColumn[],
  cells: readonly string[],
): { item: Record<string, unknown> } | { problems: CsvProblem[] } {
  if (cells.length !== columns.length) {
    return {
      problems: [{ field: 'row', reason: `has ${cells.length} cells, the header has ${columns.length}` }],
    };
  }
  const item: Record<string, unknown> = {};
  const problems: CsvProblem[] = [];
  for (const [index, { name, field }] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (field === null || cell === '') continue;
    const value = toValue(field, cell);
    if (value === undefined) problems.push({ field: name, reason: expectations[field] ?? 'is invalid' });
    else item[field] = value;
  }
  if (problems.length > 0) return { problems };
  item['item_id'] ??= '';
  item['title'] ??= item['item_id'];
  return { item };
}

/** Column names for the fields in a validation's issues, such as `title` or `tags[2]`. */
export function toColumnName(columns: readonly CsvColumn[], path: string): string {
  const field = /^\w+/.exec(path)?.[0];
  return columns.find((column) => column.field === field)?.name ?? path;
}

const expectations: Partial<Record<CsvField, string>> = {
  available: 'must be true or false',
  attributes: 'must be a JSON object',
};

function toValue(field: CsvField, cell: string): unknown {
  if (field === 'available') return availability.get(cell.toLowerCase());
  if (field === 'attributes') return parseJson(cell);
  if (field === 'tags') return cell.split('|').filter((tag) => tag.trim() !== '');
  return cell;
}

function parseJson(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}
