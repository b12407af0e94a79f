import { type TopicName, type TopicSpec, topics } from '@shopstream/contracts';
import type { ITopicConfig } from 'kafkajs';

/** Compaction leaves the newest segment alone: small ones keep restores short. */
const COMPACTED_SEGMENT_BYTES = 32 * 1024 * 1024;
/** A window's state is one row of a changelog; everywhere else Kafka's own limit of 1 MiB holds. */
const MAX_STATE_BYTES = 16 * 1024 * 1024;

/** The broker's clock, which no producer can set, tells when a row came. */
const COMMON: Readonly<Record<string, string | number>> = { 'message.timestamp.type': 'LogAppendTime' };

/** A topic as its contract declares it, ready to be created. */
export function toTopicConfig(topic: TopicName, physical: string, partitions?: number): ITopicConfig {
  const spec: Omit<TopicSpec<never>, 'key'> = topics[topic];
  return {
    topic: physical,
    numPartitions: partitions ?? spec.partitions,
    replicationFactor: -1,
    configEntries: Object.entries({ ...COMMON, ...configOf(spec) }).map(([name, value]) => ({
      name,
      value: String(value),
    })),
  };
}

function configOf(spec: Omit<TopicSpec<never>, 'key'>): Record<string, string | number> {
  if (spec.cleanup === 'delete') return { 'cleanup.policy': 'delete', 'retention.ms': spec.retentionMs };
  return {
    'cleanup.policy': 'compact',
    'min.compaction.lag.ms': spec.retentionMs,
    'min.cleanable.dirty.ratio': 0.2,
    'segment.bytes': COMPACTED_SEGMENT_BYTES,
    ...(spec.internal ? { 'max.message.bytes': MAX_STATE_BYTES } : {}),
  };
}
