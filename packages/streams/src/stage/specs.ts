import type { TopicName, TopicValue } from '@shopstream/contracts';
import type { StreamsAdmin } from '../admin.ts';
import type { EndOffsets } from '../log-place.ts';
import type { EventProducer } from '../producer.ts';
import type { RunMode } from '../run-mode.ts';
import type {
  PartialsTopic,
  RecordStage,
  TwoStepAggregate,
  WindowableTopic,
  WindowedAggregate,
} from '../types.ts';
import { toAnnouncements, toIdleAnnouncement } from './announcements.ts';
import { MergeProcessor } from './merge-processor.ts';
import { createRecordProcessor } from './record-processor.ts';
import { SplitProcessor } from './split-processor.ts';
import type { StageSpec } from './stage-spec.ts';
import { WindowProcessor } from './window-processor.ts';
import type { WindowOptions } from './window-rows.ts';

export interface StageTools {
  admin: StreamsAdmin;
  mode: RunMode;
  /** Ends of a topic that a stage reads, where it reads it. */
  inputEnds: (topic: TopicName) => Promise<EndOffsets>;
  createProducer: (options: { topics: readonly TopicName[] }) => EventProducer;
}

export function recordSpec<In extends TopicName, Context>(
  stage: RecordStage<In, Context>,
  outputs: readonly TopicName[],
): StageSpec<In> {
  const { name, input, changelog } = stage;
  return { name, input, changelog, outputs, createProcessor: () => createRecordProcessor(stage) };
}

export function windowSpec<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]>,
>(aggregate: WindowedAggregate<In, Out, State, Row>, options: WindowOptions): StageSpec<In> {
  const { name, input, output, changelog } = aggregate;
  return {
    name,
    input,
    changelog,
    outputs: [output, 'ecom.late.v1'],
    columns: columnsOf(aggregate),
    createProcessor: () => new WindowProcessor(aggregate, options),
    isTimed: true,
  };
}

export function splitSpec<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]>,
>(
  aggregate: TwoStepAggregate<In, Out, State, Row>,
  options: WindowOptions,
  { admin, mode, inputEnds, createProducer }: StageTools,
): StageSpec<In> {
  const { input, partials, splitChangelog: changelog } = aggregate;
  const countPartials = async (): Promise<number> => (await admin.endOffsets(partials)).size;
  let partialsPartitions = 0;

  /** Empty partitions hold no window back; what they say counts unless they have said, or until they say, something else. */
  async function announceEmpty(assigned: readonly number[]): Promise<void> {
    // In a bounded run they say so when it comes to their end.
    if (mode.isBounded) return;
    const ends = await inputEnds(input);
    const empty = assigned.filter((partition) => isEmpty(ends.get(partition)));
    if (empty.length === 0) return;
    const producer = createProducer({ topics: [partials] });
    await producer.start();
    try {
      await producer.send(
        empty.flatMap((p) =>
          toAnnouncements(partials, partialsPartitions, toIdleAnnouncement(p, Date.now())),
        ),
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
    columns: columnsOf(aggregate),
    prepare: async () => {
      partialsPartitions = await countPartials();
    },
    createProcessor: (sourcePartition) =>
      new SplitProcessor(aggregate, { sourcePartition, partialsPartitions, idleMs: options.idleMs }),
    isTimed: true,
    onAssigned: announceEmpty,
  };
}

export function mergeSpec<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]>,
>(
  aggregate: TwoStepAggregate<In, Out, State, Row>,
  options: WindowOptions,
  { inputEnds }: StageTools,
): StageSpec<PartialsTopic> {
  const { name, partials, output, changelog } = aggregate;
  let sourcePartitions = 0;
  return {
    name,
    input: partials,
    changelog,
    outputs: [output, 'ecom.late.v1'],
    prepare: async () => {
      sourcePartitions = (await inputEnds(aggregate.input)).size;
    },
    createProcessor: () => new MergeProcessor(aggregate, { ...options, sourcePartitions }),
    isTimed: true,
  };
}

/** What windows themselves need of a row, and what the aggregate reads. */
const columnsOf = ({ columns }: { columns: object }): string[] => [
  'namespace',
  'event_id',
  'timestamp',
  ...Object.keys(columns),
];

const isEmpty = (ends?: { low: bigint; high: bigint }): boolean =>
  ends === undefined || ends.low === ends.high;
