// One look at the platform: a few questions to the broker, and one read of the newest rows. What it reads is bounded by the sample
// sizes of the tests, whatever the flow.
import type { ConsumerGroup, TopicName } from '@shopstream/contracts';
import type { EndOffsets, LogRecord, Spot, SpotReader, StreamsAdmin } from '@shopstream/streams';
import type { DataTest } from './checks.ts';
import type { Measurements, SampledRow, Waiting } from './measurements.ts';

const MINUTE_MS = 60_000;

/** What measuring needs of `packages/streams`. */
export interface Sources {
  admin: Pick<StreamsAdmin, 'endOffsets' | 'offsetsAt' | 'committed'>;
  reader: Pick<SpotReader, 'read'>;
  /** Longest that one reading waits for rows: those of a transaction that is still open do not come. */
  readTimeoutMs: number;
}

/** Up to where each partition has been sampled, by topic. */
export type Positions = Map<TopicName, ReadonlyMap<number, bigint>>;

/** Topics that a look reads rows of, for the `reader`. */
export function topicsToRead(tests: readonly DataTest[]): TopicName[] {
  const read = tests.flatMap((test) => {
    if (test.check === 'max_lag' || test.check === 'staleness') return [test.source];
    if (test.check === 'throughput') return [test.topic, test.source];
    return test.check === 'silence' ? [] : [test.topic];
  });
  return [...new Set(read)];
}

/**
 * Measures what the tests ask for.
 * @param positions where the last look ended; topics that it lacks are read from `sinceMs` on. Moved on to where this look ends.
 * @throws what the broker says when it does not answer
 */
export async function measure(
  tests: readonly DataTest[],
  { admin, ...reading }: Sources,
  { nowMs, sinceMs, positions }: { nowMs: number; sinceMs: number; positions: Positions },
): Promise<Measurements> {
  const ask = askOnce(admin);
  const samples = await sampleRows(tests, { ask, ...reading, sinceMs, positions });
  return {
    rows: new Map([...samples].map(([topic, { rows }]) => [topic, rows])),
    waiting: await findWaiting(tests, { ask, ...reading, nowMs }),
    perMinute: await countMinutes(tests, { ask, samples, nowMs }),
    hasNews: await findNews(tests, { ask, nowMs }),
  };
}

type Ask = ReturnType<typeof askOnce>;
type Reading = { ask: Ask } & Omit<Sources, 'admin'>;

/** Several tests ask the same. */
function askOnce(admin: Sources['admin']) {
  const answers = new Map<string, Promise<unknown>>();
  function once<T>(key: string, request: () => Promise<T>): Promise<T> {
    const answer = (answers.get(key) as Promise<T> | undefined) ?? request();
    answers.set(key, answer);
    return answer;
  }
  return {
    ends: (topic: TopicName) => once(`ends ${topic}`, () => admin.endOffsets(topic)),
    at: (topic: TopicName, timeMs: number) =>
      once(`at ${topic} ${timeMs}`, () => admin.offsetsAt(topic, timeMs)),
    committed: (group: ConsumerGroup, topic: TopicName) =>
      once(`committed ${group} ${topic}`, () => admin.committed(group, topic)),
  };
}

interface Sample {
  rows: SampledRow[];
  /** Offsets that were looked at, markers of transactions among them. */
  offsets: number;
}

async function sampleRows(
  tests: readonly DataTest[],
  { ask, reader, readTimeoutMs, sinceMs, positions }: Reading & { sinceMs: number; positions: Positions },
): Promise<Map<TopicName, Sample>> {
  const sizes = new Map<TopicName, number>();
  for (const { check, topic, sampleSize } of tests) {
    if (check === 'max_lag' || check === 'staleness' || check === 'silence') continue;
    sizes.set(topic, Math.max(sampleSize, sizes.get(topic) ?? 0));
  }
  const spots: Spot[] = [];
  for (const [topic, size] of sizes) {
    const from = positions.get(topic) ?? (await ask.at(topic, sinceMs));
    spots.push(...toSpots(topic, { ends: await ask.ends(topic), from, size }));
    if (!positions.has(topic)) positions.set(topic, from);
  }
  const read = spots.length === 0 ? [] : await reader.read(spots, { timeoutMs: readTimeoutMs });
  const samples = new Map<TopicName, Sample>(
    [...sizes.keys()].map((topic) => [topic, { rows: [], offsets: 0 }]),
  );
  for (const { topic, partition, from, next, records } of read) {
    const sample = samples.get(topic);
    sample?.rows.push(...records.flatMap(toSampledRow));
    if (sample !== undefined) sample.offsets += Number(next - from);
    positions.set(topic, new Map(positions.get(topic)).set(partition, next));
  }
  return samples;
}

/** The newest offsets of each partition that has new ones, in equal shares. */
export function toSpots(
  topic: TopicName,
  { ends, from, size }: { ends: EndOffsets; from: ReadonlyMap<number, bigint>; size: number },
): Spot[] {
  const news = [...ends].flatMap(([partition, { low, high }]) => {
    const start = larger(from.get(partition) ?? low, low);
    return high > start ? [{ partition, start, high }] : [];
  });
  const share = Math.max(1, Math.floor(size / Math.max(1, news.length)));
  return news.map(({ partition, start, high }) => ({
    topic,
    partition,
    from: larger(start, high - BigInt(share)),
    until: high,
    maxRows: share,
  }));
}

function toSampledRow({ partition, offset, value }: LogRecord): SampledRow[] {
  if (value === null) return [];
  return [{ partition, offset, row: value instanceof Error ? null : { ...value } }];
}

/** Only rows older than the least limit are looked for: the broker knows where they end without reading any. */
async function findWaiting(
  tests: readonly DataTest[],
  { ask, reader, readTimeoutMs, nowMs }: Reading & { nowMs: number },
): Promise<Waiting[]> {
  const found: Waiting[] = [];
  for (const { group, source, leastMs } of feedsOf(tests)) {
    const [old, committed, ends] = await Promise.all([
      ask.at(source, nowMs - leastMs),
      ask.committed(group, source),
      ask.ends(source),
    ]);
    const spots = [...old].flatMap(([partition, until]) => {
      const low = ends.get(partition)?.low ?? 0n;
      const from = larger(committed.get(partition) ?? low, low);
      return from < until ? [{ topic: source, partition, from, until, maxRows: 1 }] : [];
    });
    // What waits may be nothing but markers of transactions, which no group reads.
    const read = spots.length === 0 ? [] : await reader.read(spots, { timeoutMs: readTimeoutMs });
    const oldest = read.flatMap(({ records }) => records).sort((a, b) => a.timestamp - b.timestamp)[0];
    found.push({
      group,
      source,
      oldestMs: oldest === undefined ? null : nowMs - oldest.timestamp,
      at: oldest === undefined ? null : { partition: oldest.partition, offset: oldest.offset },
    });
  }
  return found;
}

interface TimedFeed {
  group: ConsumerGroup;
  source: TopicName;
  leastMs: number;
}

function feedsOf(tests: readonly DataTest[]): TimedFeed[] {
  const feeds = new Map<string, TimedFeed>();
  for (const test of tests) {
    if (test.check !== 'max_lag' && test.check !== 'staleness') continue;
    const { group, source } = test;
    const limitMs = test.check === 'max_lag' ? test.limitMs : test.warnAfterMs;
    const known = feeds.get(`${group} ${source}`)?.leastMs ?? Infinity;
    feeds.set(`${group} ${source}`, { group, source, leastMs: Math.min(known, limitMs) });
  }
  return [...feeds.values()];
}

/** Offsets of the last minute, less the share of them that the sample showed to be markers. */
async function countMinutes(
  tests: readonly DataTest[],
  { ask, samples, nowMs }: { ask: Ask; samples: ReadonlyMap<TopicName, Sample>; nowMs: number },
): Promise<Map<TopicName, number | null>> {
  const counted = tests.flatMap((test) => (test.check === 'throughput' ? [test.topic, test.source] : []));
  const perMinute = new Map<TopicName, number | null>();
  for (const topic of new Set(counted)) {
    const [minuteAgo, ends] = await Promise.all([ask.at(topic, nowMs - MINUTE_MS), ask.ends(topic)]);
    const offsets = [...ends].reduce(
      (sum, [partition, { high }]) => sum + Number(high - (minuteAgo.get(partition) ?? high)),
      0,
    );
    const sample = samples.get(topic);
    const share = sample === undefined || sample.offsets === 0 ? 1 : sample.rows.length / sample.offsets;
    perMinute.set(topic, hadRows(ends) ? Math.round(offsets * share) : null);
  }
  return perMinute;
}

async function findNews(
  tests: readonly DataTest[],
  { ask, nowMs }: { ask: Ask; nowMs: number },
): Promise<Map<TopicName, boolean | null>> {
  const news = new Map<TopicName, boolean | null>();
  for (const test of tests) {
    if (test.check !== 'silence') continue;
    const [since, ends] = await Promise.all([
      ask.at(test.topic, nowMs - test.warnAfterMs),
      ask.ends(test.topic),
    ]);
    const hasRows = [...ends].some(([partition, { high }]) => high > (since.get(partition) ?? high));
    news.set(test.topic, hadRows(ends) ? hasRows : null);
  }
  return news;
}

const hadRows = (ends: EndOffsets): boolean => [...ends.values()].some(({ high }) => high > 0n);

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
