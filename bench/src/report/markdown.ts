import { type Cell, type Table, toDigits } from './table.ts';

/** The same table for a document. */
export function toMarkdown({ title, head, rows, notes = [] }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, column) => (rows.every((row) => isNumeric(row[column])) ? '---:' : '---')));
  const body = rows.map((row) => line(row.map(toText)));
  return [`**${title}**`, '', line(head), rule, ...body, '', ...notes.map((note) => `${note}  `), ''].join(
    '\n',
  );
}

const isNumeric = (cell: Cell | undefined): boolean => typeof cell === 'number' || cell === null;

function toText(cell: Cell): string {
  if (cell === null) return '–';
  return typeof cell === 'string' ? cell : toDigits(cell);
}
