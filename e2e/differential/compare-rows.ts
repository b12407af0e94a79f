import { type TopicName, type TopicValue } from '@shopstream/contracts';

/** A row of a topic with where it lies; the offset is not compared. */
export interface PlacedRow<T extends TopicName = TopicName> {
  partition: number;
  key: string;
  value: TopicValue[T];
}

export interface Difference {
  what: 'missing in Flink' | 'only in Flink' | 'doubled in ours' | 'doubled in Flink' | 'different';
  /** The event, or the group and window. */
  row: string;
  /** Of a different row: each column that differs, as ours and Flink's have it. */
  columns?: Record<string, [ours: unknown, flinks: unknown]>;
}

/** Counts how far a row goes, and differs by its nature: the stages count inputs, Flink says only that no row follows. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['revision']);

/** Holds two engines' rows of a topic against each other, column by column, with their keys and partitions. Order does not count. */
export function compareRows(ours: readonly PlacedRow[], flinks: readonly PlacedRow[]): Difference[] {
  const left = byIdentity(ours);
  const right = byIdentity(flinks);
  const rows = new Set([...left.rows.keys(), ...right.rows.keys()]);
  return [
    ...left.doubled.map((row): Difference => ({ what: 'doubled in ours', row })),
    ...right.doubled.map((row): Difference => ({ what: 'doubled in Flink', row })),
    ...[...rows].flatMap((row) => compareRow(row, left.rows.get(row), right.rows.get(row))),
  ];
}

function compareRow(row: string, ours?: PlacedRow, flinks?: PlacedRow): Difference[] {
  if (flinks === undefined) return [{ what: 'missing in Flink', row }];
  if (ours === undefined) return [{ what: 'only in Flink', row }];
  const left = columnsOf(ours);
  const right = columnsOf(flinks);
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const differing = [...names].filter((name) => !isSame(left[name], right[name]));
  if (differing.length === 0) return [];
  return [
    {
      what: 'different',
      row,
      columns: Object.fromEntries(differing.map((name) => [name, [left[name], right[name]]])),
    },
  ];
}

function byIdentity(rows: readonly PlacedRow[]): { rows: Map<string, PlacedRow>; doubled: string[] } {
  const found = new Map<string, PlacedRow>();
  const doubled: string[] = [];
  for (const row of rows) {
    const identity = identityOf(row);
    if (found.has(identity)) doubled.push(identity);
    else found.set(identity, row);
  }
  return { rows: found, doubled };
}

/** An event by its id, whatever its key is; an aggregate by group and window. */
function identityOf({ value, key }: PlacedRow): string {
  return 'event_id' in value && 'namespace' in value ? `${value.namespace}:${value.event_id}` : key;
}

function columnsOf({ value, key, partition }: PlacedRow): Record<string, unknown> {
  const columns = Object.entries(value).filter(([name]) => !NOT_COMPARED.has(name));
  return { 'the key': key, 'the partition': partition, ...Object.fromEntries(columns) };
}

/** Maps are equal in any order of their entries. */
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder);

const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
