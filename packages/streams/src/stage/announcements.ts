import type { StagePartial } from '@shopstream/contracts';
import type { Output, PartialsTopic } from '../types.ts';

/** Records that tell every partition of the second step of a source's watermark, or that it is empty. */
export function toAnnouncements(topic: PartialsTopic, partitions: number, value: StagePartial): Output[] {
  const key = `source:${value.source_partition}`;
  return Array.from({ length: partitions }, (_, partition) => ({ topic, value, key: { key, partition } }));
}

/**
 * What an input partition says that has never had a record: it holds no window back that ends after `nowMs`. It may yet be given
 * an older history, so it does hold back what ended before. Any later word of it counts for more.
 */
export function toIdleAnnouncement(sourcePartition: number, nowMs: number): StagePartial {
  return { ...blankPartial(sourcePartition, -1), idle: true, watermark: nowMs };
}

export function blankPartial(sourcePartition: number, revision: number): StagePartial {
  return {
    source_partition: sourcePartition,
    revision,
    watermark: null,
    idle: false,
    group: null,
    window_start: null,
    state: null,
    events: [],
  };
}
