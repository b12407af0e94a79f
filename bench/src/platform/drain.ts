import { setTimeout as delay } from 'node:timers/promises';
import { type TopicName, consumerGroups } from '@shopstream/contracts';
import type { Platform } from './platform.ts';

export type Groups = Readonly<Record<string, readonly TopicName[]>>;

export interface Progress {
  /** Offsets that the groups have passed. */
  read: number;
  /** Offsets that are still before them. */
  behind: number;
  /** Where the topics end. */
  ends: string;
  /** Of this look, as of `performance.now()`. */
  atMs: number;
}

const POLL_MS = 200;
/** Longer than the time between two interim rows of a window: when nothing was written for so long, nothing is due. */
const SETTLED_MS = 1_500;

export async function progressOf({ streams, env }: Platform, groups: Groups): Promise<Progress> {
  const rows = await streams.admin.lag();
  const committed = new Map(rows.map((row) => [`${row.group} ${row.topic} ${row.partition}`, row.committed]));
  const progress: Progress = { read: 0, behind: 0, ends: '', atMs: 0 };
  for (const [group, topics] of Object.entries(groups)) {
    for (const topic of topics) {
      for (const [partition, { low, high }] of await streams.admin.endOffsets(topic)) {
        const at = committed.get(`${env['KAFKA_TOPIC_PREFIX'] ?? ''}${group} ${topic} ${partition}`) ?? low;
        progress.read += Number(at - low);
        progress.behind += Number(high - at);
        progress.ends += ` ${high}`;
      }
    }
  }
  progress.atMs = performance.now();
  return progress;
}

/**
 * Waits until nothing is left to be read, also of what was written while reading.
 * @returns when that was, as of `performance.now()`
 */
export async function untilDrained(
  platform: Platform,
  {
    groups = consumerGroups,
    onProgress,
  }: { groups?: Groups; onProgress?: (progress: Progress) => void } = {},
): Promise<number> {
  for (;;) {
    platform.assertHealthy();
    const progress = await progressOf(platform, groups);
    onProgress?.(progress);
    if (progress.behind > 0) await delay(POLL_MS);
    else {
      await delay(SETTLED_MS);
      const later = await progressOf(platform, groups);
      if (later.behind === 0 && later.ends === progress.ends) return progress.atMs;
    }
  }
}

export interface Drained {
  /** Until everything was sent. */
  sentSeconds: number;
  /** Until nothing was left to be read anywhere. */
  drainedSeconds: number;
}

/** Times a load of events, from its first to the last that came out at the other end. */
export async function drainedAt(platform: Platform, send: () => Promise<void>): Promise<Drained> {
  const startedMs = performance.now();
  await send();
  const sentSeconds = (performance.now() - startedMs) / 1_000;
  return { sentSeconds, drainedSeconds: ((await untilDrained(platform)) - startedMs) / 1_000 };
}
