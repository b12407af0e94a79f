import type { TopicName } from '@shopstream/contracts';
import type { EndOffsets, LogRecord, Spot } from '@shopstream/streams';
import type { Reading } from './ask.ts';
import type { DataTest } from './checks.ts';
import type { SampledRow } from './measurements.ts';
import { larger } from './offsets.ts';

export const MINUTE_MS = 60_000;

/** What is kept of a topic from look to look. */
interface TopicProgress {
  /** Up to where each partition has been sampled. */
  next: Map<number, bigint>;
  /** Of the last minute: how many offsets were looked at, and how many of them were rows and no markers of transactions. */
  samples: { atMs: number; offsets: number; rows: number }[];
}

/** By topic; empty before the first look. */
export type Progress = Map<TopicName, TopicProgress>;

interface SampleOptions extends Reading {
  nowMs: number;
  sinceMs: number;
  progress: Progress;
}

/** The newest rows of each topic since the last look, within the sizes that the tests declare. */
export async function sampleRows(
  tests: readonly DataTest[],
  { ask, reader, readTimeoutMs, nowMs, sinceMs, progress }: SampleOptions,
): Promise<Map<TopicName, SampledRow[]>> {
  const sizes = sizesOf(tests);
  const spots: Spot[] = [];
  for (const [topic, size] of sizes) {
    const from = progress.get(topic)?.next ?? (await ask.at(topic, sinceMs));
    if (!progress.has(topic)) progress.set(topic, { next: new Map(from), samples: [] });
    spots.push(...toSpots(topic, { ends: await ask.ends(topic), from, size }));
  }
  const read = spots.length === 0 ? [] : await reader.read(spots, { timeoutMs: readTimeoutMs });
  const samples = new Map<TopicName, SampledRow[]>([...sizes.keys()].map((topic) => [topic, []]));
  for (const { topic, partition, from, next, records } of read) {
    samples.get(topic)?.push(...records.flatMap(toSampledRow));
    progress.get(topic)?.next.set(partition, next);
    progress.get(topic)?.samples.push({ atMs: nowMs, offsets: Number(next - from), rows: records.length });
  }
  for (const [topic, kept] of progress)
    progress.set(topic, { ...kept, samples: kept.samples.filter(({ atMs }) => nowMs - atMs < MINUTE_MS) });
  return samples;
}

function sizesOf(tests: readonly DataTest[]): Map<TopicName, number> {
  const sizes = new Map<TopicName, number>();
  for (const { check, topic, sampleSize } of tests) {
    if (check === 'max_lag' || check === 'staleness' || check === 'silence') continue;
    sizes.set(topic, Math.max(sampleSize, sizes.get(topic) ?? 0));
  }
  return sizes;
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
