import type { TopicName } from '@shopstream/contracts';
import { type Logger, type Registry } from '@shopstream/platform';
import { type StreamsAdmin, createStreamsAdmin } from './admin.ts';
import { createCodec } from './codec.ts';
import type { KafkaConfig } from './config.ts';
import { createStreamConsumer } from './consumer.ts';
import {
  createGroupConsumer,
  createKafka,
  createNames,
  createPlainProducer,
  createTransactionalProducer,
} from './kafka.ts';
import { type LogRecord, type ReadLogOptions, readLog } from './log-reader.ts';
import { partitioner } from './messages.ts';
import { streamMetrics } from './metrics.ts';
import { type EventProducer, createEventProducer } from './producer.ts';
import { registerSchemas } from './registrar.ts';
import { createChangelogReader } from './stage/changelog-reader.ts';
import { type StageSpec, createStageRunner } from './stage/stage-runner.ts';
import { type StageTools, mergeSpec, recordSpec, splitSpec, windowSpec } from './stage/specs.ts';
import type { WindowOptions } from './stage/window-processor.ts';
import { type TableOptions, createStreamTable } from './table.ts';
import type {
  ConsumerOptions,
  RecordStage,
  Runnable,
  TwoStepAggregate,
  WindowableTopic,
  WindowedAggregate,
} from './types.ts';

export interface Streams {
  createProducer(options: { topics: readonly TopicName[] }): EventProducer;
  createConsumer<T extends TopicName>(options: ConsumerOptions<T>): Runnable;
  createRecordStage<In extends TopicName, Context>(
    stage: RecordStage<In, Context>,
    options: { outputs: readonly TopicName[] },
  ): Runnable;
  createWindowedStage<In extends WindowableTopic, Out extends TopicName, State>(
    aggregate: WindowedAggregate<In, Out, State>,
    options: WindowOptions,
  ): Runnable;
  /** Both steps: they share out work separately and may run in different instances. */
  createTwoStepStage<In extends WindowableTopic, Out extends TopicName, State>(
    aggregate: TwoStepAggregate<In, Out, State>,
    options: WindowOptions,
  ): [Runnable, Runnable];
  createTable<T extends TopicName>(options: TableOptions<T>): Runnable;
  readLog<T extends TopicName>(
    options: ReadLogOptions<T>,
    onRecord: (record: LogRecord<T>) => Promise<void> | void,
  ): Promise<void>;
  registerSchemas(): Promise<void>;
  admin: StreamsAdmin;
}

export interface StreamsContext {
  /** Client id on the cluster. */
  name: string;
  logger: Logger;
  metrics: Registry;
}

/** Everything that a service does with Kafka, over one cluster and registry. Nothing is connected before a resource starts. */
export function createStreams(config: KafkaConfig, context: StreamsContext): Streams {
  const { logger } = context;
  const kafka = createKafka(config, { clientId: context.name, logger });
  const names = createNames(config.KAFKA_TOPIC_PREFIX);
  const codec = createCodec(config.SCHEMA_REGISTRY_URL);
  const metrics = streamMetrics(context.metrics);
  const admin = createStreamsAdmin(() => kafka.admin(), names, config.KAFKA_TOPIC_PREFIX);
  const createConsumer = (groupId: string) => createGroupConsumer(kafka, groupId);
  const reading = { codec, names, createConsumer, endOffsets: admin.endOffsets };

  const createProducer: Streams['createProducer'] = ({ topics }) =>
    createEventProducer({
      createClient: () => createPlainProducer(kafka, partitioner),
      codec,
      names,
      topics,
    });

  const tools: StageTools = { admin, createProducer, logger };

  function runStage<In extends TopicName>(spec: StageSpec<In>): Runnable {
    return createStageRunner(spec, {
      logger,
      metrics,
      codec,
      names,
      crash,
      consumer: createConsumer(names.id(spec.name)),
      createProducer: (transactionalId) =>
        createTransactionalProducer(kafka, { transactionalId, partitioner }),
      reader: createChangelogReader({
        topic: names.topic(spec.changelog),
        createConsumer,
        groupPrefix: names.id(spec.name),
      }),
    });
  }

  return {
    admin,
    createProducer,
    createConsumer: (options) =>
      createStreamConsumer(options, {
        logger,
        metrics,
        codec,
        names,
        crash,
        consumer: createConsumer(names.id(options.name)),
        producer: createProducer({ topics: ['ecom.dead-letter.v1'] }),
      }),
    createRecordStage: (stage, options) => runStage(recordSpec(stage, options.outputs)),
    createWindowedStage: (aggregate, options) => runStage(windowSpec(aggregate, options, tools)),
    createTwoStepStage: (aggregate, options) => [
      runStage(splitSpec(aggregate, options, tools)),
      runStage(mergeSpec(aggregate, options, tools)),
    ],
    createTable: (options) => createStreamTable(options, { ...reading, crash }),
    readLog: (options, onRecord) => readLog(options, onRecord, reading),
    registerSchemas: () => registerSchemas(config.SCHEMA_REGISTRY_URL),
  };
}

/** Leaves the error to the process: `runService` logs it, stops what runs and exits with 1. */
function crash(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
