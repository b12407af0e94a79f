import type { TopicName } from '@shopstream/contracts';
import type { Logger } from '@shopstream/platform';
import type { StreamsAdmin } from '../admin.ts';
import type { EventProducer } from '../producer.ts';
import type {
  PartialsTopic,
  RecordStage,
  TwoStepAggregate,
  WindowableTopic,
  WindowedAggregate,
} from '../types.ts';
import { createMergeProcessor } from './merge-processor.ts';
import { createRecordProcessor } from './record-processor.ts';
import { createSplitProcessor, toAnnouncements, toIdleAnnouncement } from './split-processor.ts';
import type { StageSpec } from './stage-runner.ts';
import { type WindowOptions, createWindowProcessor } from './window-processor.ts';

export interface StageTools {
  admin: StreamsAdmin;
  createProducer: (options: { topics: readonly TopicName[] }) => EventProducer;
  logger: Logger;
}

export function recordSpec<In extends TopicName, Context>(
  stage: RecordStage<In, Context>,
  outputs: readonly TopicName[],
): StageSpec<In> {
  const { name, input, changelog } = stage;
  return { name, input, changelog, outputs, createProcessor: () => createRecordProcessor(stage) };
}

export function windowSpec<In extends WindowableTopic, Out extends TopicName, State>(
  aggregate: WindowedAggregate<In, Out, State>,
  options: WindowOptions,
  { admin }: StageTools,
): StageSpec<In> {
  const { name, input, output, changelog } = aggregate;
  return {
    name,
    input,
    changelog,
    outputs: [output, 'ecom.late.v1'],
    createProcessor: () => createWindowProcessor(aggregate, options),
    partitionsWithState: () => withRows(admin, changelog),
  };
}

export function splitSpec<In extends WindowableTopic, Out extends TopicName, State>(
  aggregate: TwoStepAggregate<In, Out, State>,
  options: WindowOptions,
  { admin, createProducer }: StageTools,
): StageSpec<In> {
  const { input, partials, splitChangelog: changelog } = aggregate;
  const countPartials = async (): Promise<number> => (await admin.endOffsets(partials)).size;
  let partialsPartitions = 0;

  /** Empty partitions hold no window back; what they say counts until they have their first record. */
  async function announceEmpty(assigned: readonly number[]): Promise<void> {
    const ends = await admin.endOffsets(input);
    const empty = assigned.filter((partition) => ends.get(partition)?.high === 0n);
    if (empty.length === 0) return;
    const producer = createProducer({ topics: [partials] });
    await producer.start();
    try {
      await producer.send(
        empty.flatMap((p) => toAnnouncements(partials, partialsPartitions, toIdleAnnouncement(p))),
      );
    } finally {
      await producer.stop();
    }
  }

  return {
    name: `${aggregate.name}-split`,
    input,
    changelog,
    outputs: [partials, 'ecom.late.v1'],
    prepare: async () => {
      partialsPartitions = await countPartials();
    },
    createProcessor: (sourcePartition) =>
      createSplitProcessor(aggregate, { sourcePartition, partialsPartitions, idleMs: options.idleMs }),
    partitionsWithState: () => withRows(admin, changelog),
    onAssigned: announceEmpty,
  };
}

export function mergeSpec<In extends WindowableTopic, Out extends TopicName, State>(
  aggregate: TwoStepAggregate<In, Out, State>,
  options: WindowOptions,
  { admin }: StageTools,
): StageSpec<PartialsTopic> {
  const { name, partials, output, changelog } = aggregate;
  let sourcePartitions = 0;
  return {
    name,
    input: partials,
    changelog,
    outputs: [output, 'ecom.late.v1'],
    prepare: async () => {
      sourcePartitions = (await admin.endOffsets(aggregate.input)).size;
    },
    createProcessor: () => createMergeProcessor(aggregate, { ...options, sourcePartitions }),
    partitionsWithState: () => withRows(admin, changelog),
  };
}

/** Partitions of a changelog that hold anything. */
async function withRows(admin: StreamsAdmin, changelog: TopicName): Promise<Set<number>> {
  const ends = await admin.endOffsets(changelog);
  return new Set([...ends].filter(([, { low, high }]) => high > low).map(([partition]) => partition));
}
