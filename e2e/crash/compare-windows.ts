// The topics with rows by window, against the batch oracle: their last rows, that each window has one final row at most, and that
// no interim row says more than the final one.
import { isDeepStrictEqual } from 'node:util';
import {
  type Exported,
  type Expected,
  expectedPopularity,
  expectedSessions,
} from '../oracle/batch-oracle.ts';
import type { Pipeline } from './pipeline.ts';
import { Tally, type TopicTally, countUp } from './tally.ts';

const WINDOW_MS = 5 * 60_000;

/** How many events a row counts. */
const countColumns = {
  'ecom.user-sessions.v1': 'event_count',
  'ecom.product-popularity.v1': 'total_interactions',
} as const;

interface WindowRow {
  partition: number;
  offset: bigint;
  key: Buffer | null;
  value: { revision: number; is_final: boolean };
}

export async function compareWindows(
  pipeline: Pipeline,
  enriched: readonly Exported[],
  disorderMs: number,
): Promise<TopicTally[]> {
  const { partitions } = pipeline;
  const sessions = expectedSessions(enriched, disorderMs);
  const popularity = expectedPopularity(enriched, { disorderMs, partitions });
  return [
    await compareRows(pipeline, 'ecom.user-sessions.v1', sessions),
    await comparePartials(pipeline, enriched, popularity),
    await compareRows(pipeline, 'ecom.product-popularity.v1', popularity),
    await compareLate(pipeline, { sessionizer: sessions.late, popularity: popularity.late }),
    await compareDeadLetters(pipeline),
  ];
}

async function compareRows(
  pipeline: Pipeline,
  topic: keyof typeof countColumns,
  { rows: expected }: Expected,
): Promise<TopicTally> {
  const tally = new Tally(topic, 'windows');
  const found = new Map<string, WindowRow['value'][]>();
  await pipeline.read(topic, ({ key, value }) => {
    const name = key?.toString() ?? '';
    const rows = found.get(name);
    if (rows === undefined) found.set(name, [value]);
    else rows.push(value);
  });
  tally.result.expected = expected.size;
  tally.result.found = found.size;
  for (const [key, row] of expected)
    if (!found.has(key)) tally.add('missing', `${key} ${JSON.stringify(row)}`);
  for (const [key, rows] of found) compareWindow(tally, { key, rows, expected: expected.get(key) });
  return tally.result;
}

function compareWindow(
  tally: Tally,
  {
    key,
    rows,
    expected,
  }: {
    key: string;
    rows: readonly WindowRow['value'][];
    expected: Record<string, unknown> | undefined;
  },
): void {
  if (expected === undefined) return tally.add('wrong', `${key} is not expected`);
  const firstFinal = rows.findIndex(({ is_final }) => is_final);
  const afterFinal = firstFinal === -1 ? [] : rows.slice(firstFinal + 1);
  for (const row of afterFinal) tally.add('doubled', `${key} after the final row: ${JSON.stringify(row)}`);
  const last = firstFinal === -1 ? rows.at(-1) : rows[firstFinal];
  const { revision: _revision, ...columns } = last ?? { revision: 0 };
  if (!isDeepStrictEqual(columns, expected)) {
    tally.add('wrong', `${key} ${JSON.stringify(columns)} instead of ${JSON.stringify(expected)}`);
  }
  const count = countColumns[tally.result.topic as keyof typeof countColumns];
  const whole = Number(expected[count]);
  let before = 0;
  for (const row of rows) {
    const now = Number((row as Record<string, unknown>)[count]);
    if (now < before || now > whole)
      tally.add('wrong', `${key} ${count} is ${now} after ${before}, of ${whole}`);
    before = now;
  }
}

/** Every event that popularity counts is in one share, of its own product and window. */
async function comparePartials(
  pipeline: Pipeline,
  enriched: readonly Exported[],
  { late }: Expected,
): Promise<TopicTally> {
  const tally = new Tally('ecom.popularity-partials.v1', 'events in shares');
  const products = new Map<string, Exported['value']>();
  for (const { value } of enriched) {
    if (value.product_id !== null && !late.has(value.event_id)) products.set(value.event_id, value);
  }
  const found = new Map<string, number>();
  await pipeline.read('ecom.popularity-partials.v1', ({ value }) => {
    for (const { event_id } of value.events) {
      countUp(found, event_id);
      const event = products.get(event_id);
      if (event === undefined) continue;
      const start = event.timestamp - (event.timestamp % WINDOW_MS);
      const isRight =
        value.group === JSON.stringify([event.namespace, event.product_id]) && value.window_start === start;
      if (!isRight)
        tally.add('wrong', `${event_id} is in ${value.group ?? ''} at ${value.window_start ?? ''}`);
    }
  });
  tally.addIds(new Set(products.keys()), found);
  return tally.result;
}

async function compareLate(
  pipeline: Pipeline,
  late: Record<string, ReadonlySet<string>>,
): Promise<TopicTally> {
  const tally = new Tally('ecom.late.v1', 'late events by stage');
  const found = new Map<string, number>();
  await pipeline.read('ecom.late.v1', ({ value }) => countUp(found, `${value.stage} ${value.event_id}`));
  const expected = Object.entries(late).flatMap(([stage, ids]) => [...ids].map((id) => `${stage} ${id}`));
  tally.addIds(new Set(expected), found);
  return tally.result;
}

async function compareDeadLetters(pipeline: Pipeline): Promise<TopicTally> {
  const tally = new Tally('ecom.dead-letter.v1', 'rows');
  const found = new Map<string, number>();
  await pipeline.read('ecom.dead-letter.v1', ({ value }) =>
    countUp(found, `${value.stage} ${value.reason} ${value.message}`),
  );
  tally.addIds(new Set(), found);
  return tally.result;
}
