import Table from 'cli-table3';

type Cell = string | number | bigint;

export interface Column<Row> {
  title: string;
  value: (row: Row) => Cell;
  align?: 'right';
}

/** Aligned plain text without lines: it can be read, copied and cut. */
export function toTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const none = Object.fromEntries(
    ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
      ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
    ),
  );
  const table = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: { ...none, 'mid-mid': '', middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => columns.map(({ value }) => toText(value(row)))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Counts with their thousands apart. */
const toText = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.toLocaleString('en'));
