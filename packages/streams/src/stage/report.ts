import type { TopicName } from '@shopstream/contracts';
import type { StreamMetrics } from '../metrics.ts';
import type { Output } from '../types.ts';
import type { PartitionOwner } from './partition-owner.ts';
import type { StageSpec } from './stage-spec.ts';

/** Counts the rows of a commit and shows how far event time has come. */
export function report<In extends TopicName>(
  metrics: StreamMetrics,
  { name: stage }: StageSpec<In>,
  { partition, owner, rows }: { partition: number; owner: PartitionOwner<In>; rows: readonly Output[] },
): void {
  const counts = new Map<TopicName, number>();
  for (const { topic } of rows) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  for (const [topic, count] of counts) metrics.rowsOut.inc({ stage, topic }, count);
  const late = counts.get('ecom.late.v1');
  if (late !== undefined) metrics.late.inc({ stage }, late);
  const watermarkMs = owner.processor.watermarkMs();
  if (watermarkMs !== null) metrics.watermarkSeconds.set({ stage, partition }, watermarkMs / 1000);
}
