import CliTable from 'cli-table3';

export type Cell = string | number | null;

/** One table of a bench, as it is printed and written to the result file. */
export interface Table {
  title: string;
  head: string[];
  rows: Cell[][];
  notes?: string[];
}

export function printTable({ title, head, rows, notes = [] }: Table): void {
  const table = new CliTable({ head, style: { head: [], border: [] } });
  for (const row of rows) table.push(row.map((cell) => toText(cell)));
  console.log(`\n${title}\n${table.toString()}`);
  for (const note of notes) console.log(`  ${note}`);
}

function toText(cell: Cell): string | { content: string; hAlign: 'right' } {
  if (cell === null) return '–';
  return typeof cell === 'string' ? cell : { content: toDigits(cell), hAlign: 'right' };
}

/** Three digits that count; whole numbers from 100 on. */
export function toDigits(value: number): string {
  if (!Number.isFinite(value)) return 'never';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toPrecision(value < 1 ? 2 : 3);
}
