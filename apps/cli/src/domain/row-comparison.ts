// Rows that two builds made of the same input, by key.
import { type TopicName, entityKey, topics } from '@shopstream/contracts';

/** Columns of a row as plain JSON. */
export type Columns = Readonly<Record<string, unknown>>;

/** What a key comes to in one build: its last row, and how many there were. */
export interface KeyedRow {
  columns: Columns;
  rows: number;
}

export interface Difference {
  kind: 'missing' | 'extra' | 'different';
  key: string;
  /** Of rows that are different: each column with what both builds say. */
  columns?: Record<string, { today: unknown; other: unknown }>;
}

export interface Comparison {
  today: number;
  other: number;
  equal: number;
  missing: number;
  extra: number;
  different: number;
  /** The first ones found. */
  examples: Difference[];
}

/** Columns that depend on when and where a row was made, and not on what it was made of. */
const OF_THE_RUN = new Set(['revision', 'failed_at']);
const ROWS = '(rows)';

/** What makes a row of a topic the same row in another run. */
export function rowKeyOf(topic: TopicName, key: string, row: Columns): string {
  if (topics[topic].cleanup === 'compact') return key;
  if (topic === 'ecom.dead-letter.v1')
    return `${String(row['stage'])} ${String(row['source_topic'])}/${String(row['source_partition'])}/${String(row['source_offset'])}`;
  const stage = topic === 'ecom.late.v1' ? `${String(row['stage'])} ` : '';
  return stage + entityKey(String(row['namespace']), String(row['event_id']));
}

/** Rows of one build, to be compared with those of another. */
export function keepRow(rows: Map<string, KeyedRow>, key: string, columns: Columns): void {
  rows.set(key, { columns, rows: (rows.get(key)?.rows ?? 0) + 1 });
}

export function compareRows(
  today: ReadonlyMap<string, KeyedRow>,
  other: ReadonlyMap<string, KeyedRow>,
  maxExamples: number,
): Comparison {
  const found: Record<Difference['kind'], number> = { missing: 0, extra: 0, different: 0 };
  const examples: Difference[] = [];
  const tell = (difference: Difference): void => {
    found[difference.kind] += 1;
    if (examples.length < maxExamples) examples.push(difference);
  };
  for (const [key, row] of today) {
    const twin = other.get(key);
    if (twin === undefined) {
      tell({ kind: 'missing', key });
      continue;
    }
    const columns = differingColumns(row, twin);
    if (columns !== null) tell({ kind: 'different', key, columns });
  }
  for (const key of other.keys()) if (!today.has(key)) tell({ kind: 'extra', key });
  const equal = today.size - found.missing - found.different;
  return { today: today.size, other: other.size, equal, ...found, examples };
}

function differingColumns(today: KeyedRow, other: KeyedRow): Required<Difference>['columns'] | null {
  const columns: Required<Difference>['columns'] = {};
  for (const name of new Set([...Object.keys(today.columns), ...Object.keys(other.columns)])) {
    if (OF_THE_RUN.has(name)) continue;
    const [before, after] = [today.columns[name], other.columns[name]];
    if (JSON.stringify(before) !== JSON.stringify(after)) columns[name] = { today: before, other: after };
  }
  if (today.rows !== other.rows) columns[ROWS] = { today: today.rows, other: other.rows };
  return Object.keys(columns).length > 0 ? columns : null;
}
