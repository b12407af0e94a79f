import type { TopicStatus } from '@shopstream/streams';

/** `ok`, or what is wrong with a topic. */
export function stateOf({ exists, partitions, declaredPartitions }: TopicStatus): string {
  if (!exists) return 'missing';
  return partitions === declaredPartitions
    ? 'ok'
    : `has ${partitions} partitions, declared are ${declaredPartitions}`;
}
