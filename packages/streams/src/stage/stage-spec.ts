import type { TopicName } from '@shopstream/contracts';
import type { Logger } from '@shopstream/platform';
import type { Consumer, Producer } from 'kafkajs';
import type { Codec } from '../codec.ts';
import type { Names } from '../kafka.ts';
import type { EndOffsets } from '../log-place.ts';
import type { LogOffsets } from '../log-reader.ts';
import type { StreamMetrics } from '../metrics.ts';
import type { RunMode } from '../run-mode.ts';
import type { ChangelogTopic } from '../types.ts';
import type { ChangelogReader } from './changelog-reader.ts';
import type { Processor } from './processor.ts';

/** What a stage is to the kernel. */
export interface StageSpec<In extends TopicName> {
  name: string;
  input: In;
  changelog: ChangelogTopic;
  outputs: readonly TopicName[];
  /** Those of the input that are read; all without it. */
  columns?: readonly string[];
  createProcessor: (partition: number) => Processor<In>;
  /** Called once, before anything is owned. */
  prepare?: () => Promise<void>;
  /** Time alone may change the state: partitions with state are owned without waiting for input. */
  isTimed?: boolean;
  /** Told of new assignments. */
  onAssigned?: (partitions: readonly number[]) => Promise<void>;
}

export interface StageDeps {
  logger: Logger;
  metrics: StreamMetrics;
  mode: RunMode;
  /** Its name on the cluster. */
  inputTopic: string;
  codec: Codec;
  names: Names;
  reader: ChangelogReader;
  consumer: Consumer;
  endOffsets: (topic: TopicName) => Promise<EndOffsets>;
  log: LogOffsets;
  createProducer: (transactionalId: string) => Producer;
  /** Ends the process: the stage cannot go on and a restart is due. */
  crash: (error: Error) => void;
}
