import type { StagePartial } from '@shopstream/contracts';
import type { Output, PartialsTopic } from '../types.ts';

/** Records that tell every partition of the second step of a source's watermark, or that it is empty. */
export function toAnnouncements(topic: PartialsTopic, partitions: number, value: StagePartial): Output[] {
  const key = `source:${value.source_partition}`;
  return Array.from({ length: partitions }, (_, partition) => ({ topic, value, key: { key, partition } }));
}

/** What an input partition that never had a record says: it holds no window back. Any later word of it counts for more. */
export function toIdleAnnouncement(sourcePartition: number): StagePartial {
  return { ...blankPartial(sourcePartition, -1), idle: true };
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
