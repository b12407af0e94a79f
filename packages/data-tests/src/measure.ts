// One look at the platform: a few questions to the broker, and one read of the newest rows. What it reads is bounded by the sample
// sizes of the tests, whatever the flow.
import type { ConsumerGroup, TopicName } from '@shopstream/contracts';
import type { EndOffsets } from '@shopstream/streams';
import { type Ask, type Reading, type Sources, askOnce } from './ask.ts';
import type { DataTest } from './checks.ts';
import type { Measurements, Waiting } from './measurements.ts';
import { larger } from './offsets.ts';
import { MINUTE_MS, type Progress, sampleRows } from './sample-rows.ts';

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
 * @param progress what former looks left, to be kept from look to look; topics that it lacks are read from `sinceMs` on
 * @throws what the broker says when it does not answer
 */
export async function measure(
  tests: readonly DataTest[],
  { admin, ...reading }: Sources,
  { nowMs, sinceMs, progress }: { nowMs: number; sinceMs: number; progress: Progress },
): Promise<Measurements> {
  const ask = askOnce(admin);
  const rows = await sampleRows(tests, { ask, ...reading, nowMs, sinceMs, progress });
  return {
    rows,
    waiting: await findWaiting(tests, { ask, ...reading, nowMs }),
    perMinute: await countMinutes(tests, { ask, progress, nowMs }),
    hasNews: await findNews(tests, { ask, nowMs }),
  };
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

/** Offsets of the last minute, less the share of them that its samples showed to be markers. */
async function countMinutes(
  tests: readonly DataTest[],
  { ask, progress, nowMs }: { ask: Ask; progress: Progress; nowMs: number },
): Promise<Map<TopicName, number | null>> {
  const counted = tests.flatMap((test) => (test.check === 'throughput' ? [test.topic, test.source] : []));
  const perMinute = new Map<TopicName, number | null>();
  for (const topic of new Set(counted)) {
    const [minuteAgo, ends] = await Promise.all([ask.at(topic, nowMs - MINUTE_MS), ask.ends(topic)]);
    const offsets = [...ends].reduce(
      (sum, [partition, { high }]) => sum + Number(high - (minuteAgo.get(partition) ?? high)),
      0,
    );
    const samples = progress.get(topic)?.samples ?? [];
    const sampled = samples.reduce((sum, sample) => sum + sample.offsets, 0);
    const rows = samples.reduce((sum, sample) => sum + sample.rows, 0);
    const share = sampled === 0 ? 1 : rows / sampled;
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
