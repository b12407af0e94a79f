// Counts rows, the last topics of the pipeline first: whatever a stage had written when its input is read is part of that input.
import type { DeadLetter, LateEvent, TopicName } from '@shopstream/contracts';
import type { LogRecord, Streams } from '@shopstream/streams';
import { type CountName, createCounts, type CountsByTenant } from '../domain/balance/event-counts.ts';
import { createOnceADay } from '../domain/balance/once-a-day.ts';
import type { Positions } from './positions.ts';

export interface Recount {
  counts: CountsByTenant;
  /** Events in shares that the second step of popularity has not read. */
  waitingInPartials: number;
  /** Topics whose oldest rows are gone, so that they cannot be counted whole. */
  cut: TopicName[];
  /** By time of receipt, epoch milliseconds: events that the collector accepted and refused. */
  received: number[];
  refused: number[];
}

type Read = <T extends TopicName>(topic: T, look: (record: LogRecord<T>) => void) => Promise<void>;

const LATE: Record<string, CountName> = {
  sessionizer: 'sessionizerLate',
  'popularity-split': 'popularityLate',
  popularity: 'popularityLate',
};
const DEAD: Record<string, CountName> = {
  cleaning: 'cleaningDead',
  enrichment: 'enrichmentDead',
  sessionizer: 'sessionizerDead',
  'popularity-split': 'popularityDead',
};

/** The collector's clock and the broker's differ by less. */
const CLOCK_SLACK_MS = 60_000;
/** Those that count what they write; consumers do not. */
const STAGES: ReadonlySet<string> = new Set([...Object.keys(DEAD), 'popularity']);

export async function recount(streams: Streams, positions: Positions, signal: AbortSignal): Promise<Recount> {
  const counts = createCounts();
  const result: Recount = { counts, waitingInPartials: 0, cut: [], received: [], refused: [] };
  const read: Read = async (topic, look) => {
    const ends = await streams.admin.endOffsets(topic);
    if ([...ends.values()].some(({ low }) => low > 0n)) result.cut.push(topic);
    const options = { topic, from: 'beginning', until: 'now', signal: AbortSignal.any([signal]) } as const;
    await streams.readLog(options, (record) => {
      if (record.value !== null) look(record);
    });
  };
  await countWindows(read, counts);
  result.waitingInPartials = await countPartials(streams, positions, signal);
  await countEnriched(read, counts, positions);
  const invalid = await countDeadLetters(read, counts, result);
  await countClean(read, counts, positions);
  await countClickstream(read, { counts, positions, invalid, received: result.received });
  return result;
}

/** Events in the last row of each window, and those that came too late for theirs. */
async function countWindows(read: Read, counts: CountsByTenant): Promise<void> {
  const sessions = new Map<string, { namespace: string; events: number }>();
  await read('ecom.user-sessions.v1', ({ key, value }) => {
    if (value === null || value instanceof Error) return;
    sessions.set(key?.toString() ?? '', { namespace: value.namespace, events: value.event_count });
  });
  for (const { namespace, events } of sessions.values()) counts.add(namespace, 'inSessions', events);
  const products = new Map<string, { namespace: string; events: number }>();
  await read('ecom.product-popularity.v1', ({ key, value }) => {
    if (value === null || value instanceof Error) return;
    products.set(key?.toString() ?? '', { namespace: value.namespace, events: value.total_interactions });
  });
  for (const { namespace, events } of products.values()) counts.add(namespace, 'inPopularity', events);
  await read('ecom.late.v1', ({ value }) => {
    const late = value as LateEvent;
    const name = LATE[late.stage];
    if (name !== undefined) counts.add(late.namespace, name);
  });
}

async function countPartials(streams: Streams, positions: Positions, signal: AbortSignal): Promise<number> {
  const topic = 'ecom.popularity-partials.v1';
  const offsets = new Map(
    [...(await streams.admin.endOffsets(topic))].map(([partition, { low }]) => [
      partition,
      positions.of('popularity', topic).get(partition) ?? low,
    ]),
  );
  let events = 0;
  const options = { topic, from: { offsets }, until: 'now', signal: AbortSignal.any([signal]) } as const;
  await streams.readLog(options, ({ value }) => {
    if (value !== null && !(value instanceof Error)) events += value.events.length;
  });
  return events;
}

async function countEnriched(read: Read, counts: CountsByTenant, positions: Positions): Promise<void> {
  const topic = 'ecom.events-enriched.v1';
  const isFirst = createOnceADay();
  const readBy = {
    sessionizer: positions.of('sessionizer', topic),
    split: positions.of('popularity-split', topic),
  };
  await read(topic, ({ partition, offset, timestamp, value }) => {
    const row = value instanceof Error ? null : value;
    const namespace = row?.namespace ?? null;
    counts.add(namespace, 'enriched');
    if (row === null || isFirst(row, timestamp)) counts.add(namespace, 'distinctEnriched');
    if (offset >= (readBy.sessionizer.get(partition) ?? 0n)) counts.add(namespace, 'sessionizerWaiting');
    if (offset >= (readBy.split.get(partition) ?? 0n)) counts.add(namespace, 'splitWaiting');
    if (row !== null && row.product_id === null) counts.add(namespace, 'withoutProduct');
  });
}

/** Answers the coordinates of the clickstream records that cleaning gave up. */
async function countDeadLetters(
  read: Read,
  counts: CountsByTenant,
  { refused }: Pick<Recount, 'refused'>,
): Promise<Set<string>> {
  const invalid = new Set<string>();
  await read('ecom.dead-letter.v1', ({ value }) => {
    const row = value as DeadLetter;
    const name = DEAD[row.stage];
    if (name !== undefined) counts.add(row.namespace, name);
    if (STAGES.has(row.stage)) counts.add(row.namespace, 'stagesDead');
    if (row.stage === 'collector') refused.push(row.failed_at);
    if (row.stage === 'cleaning') invalid.add(`${row.source_partition ?? ''}:${row.source_offset ?? ''}`);
  });
  return invalid;
}

async function countClean(read: Read, counts: CountsByTenant, positions: Positions): Promise<void> {
  const isFirst = createOnceADay();
  const readByEnrichment = positions.of('enrichment', 'ecom.events-clean.v1');
  for (const topic of ['ecom.signals.v1', 'ecom.events-clean.v1'] as const) {
    await read(topic, ({ partition, offset, timestamp, value }) => {
      const row = value instanceof Error ? null : value;
      const namespace = row?.namespace ?? null;
      counts.add(namespace, topic === 'ecom.signals.v1' ? 'signals' : 'clean');
      if (row === null || isFirst(row, timestamp)) counts.add(namespace, 'distinctClean');
      if (topic === 'ecom.events-clean.v1' && offset >= (readByEnrichment.get(partition) ?? 0n))
        counts.add(namespace, 'enrichmentWaiting');
    });
  }
}

async function countClickstream(
  read: Read,
  options: { counts: CountsByTenant; positions: Positions; invalid: ReadonlySet<string>; received: number[] },
): Promise<void> {
  const { counts, positions, invalid, received } = options;
  const isFirst = createOnceADay();
  const readByCleaning = positions.of('cleaning', 'ecom.clickstream.v1');
  await read('ecom.clickstream.v1', ({ partition, offset, timestamp, value }) => {
    const row = value instanceof Error ? null : value;
    const namespace = row?.namespace ?? null;
    counts.add(namespace, 'clickstream');
    if (row !== null && row.received_at !== null) received.push(row.received_at);
    if (offset >= (readByCleaning.get(partition) ?? 0n)) return counts.add(namespace, 'cleaningWaiting');
    if (row === null || row.event_id === null || invalid.has(`${partition}:${offset}`)) return;
    if (!isFirst({ namespace: row.namespace, event_id: row.event_id }, timestamp))
      counts.add(namespace, 'duplicates');
  });
}

/** Times of receipt of what the collector has refused since then, epoch milliseconds. */
export async function refusalsSince(
  { readLog }: Streams,
  sinceMs: number,
  signal: AbortSignal,
): Promise<number[]> {
  const times: number[] = [];
  const from = { timeMs: sinceMs - CLOCK_SLACK_MS };
  await readLog(
    { topic: 'ecom.dead-letter.v1', from, until: 'now', signal: AbortSignal.any([signal]) },
    ({ value }) => {
      if (value !== null && !(value instanceof Error) && value.stage === 'collector')
        times.push(value.failed_at);
    },
  );
  return times;
}
