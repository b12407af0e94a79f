import type { TopicName, TopicValue } from '@shopstream/contracts';
import { type Logger, type Registry } from '@shopstream/platform';
import { KafkaAdmin, type StreamsAdmin } from './admin.ts';
import { createCodec } from './codec.ts';
import type { KafkaConfig } from './config.ts';
import { StreamConsumer } from './consumer.ts';
import {
  createGroupConsumer,
  createKafka,
  createNames,
  createPlainProducer,
  createTransactionalProducer,
} from './kafka.ts';
import { type LogRecord, type ReadLogOptions, readLog } from './log-reader.ts';
import { partitioner, partitionFor } from './messages.ts';
import { streamMetrics } from './metrics.ts';
import { type EventProducer, createEventProducer } from './producer.ts';
import { registerSchemas } from './registrar.ts';
import { KafkaSpotReader, type SpotReader } from './spot-reader.ts';
import { ChangelogReader } from './stage/changelog-reader.ts';
import { StageRunner } from './stage/stage-runner.ts';
import type { StageSpec } from './stage/stage-spec.ts';
import { mergeSpec, recordSpec, splitSpec, windowSpec } from './stage/specs.ts';
import type { WindowOptions } from './stage/window-rows.ts';
import { type StageTally, readTallies } from './tallies.ts';
import { type TableOptions, createStreamTable } from './table.ts';
import type {
  ConsumerOptions,
  RecordStage,
  Runnable,
  TwoStepAggregate,
  WindowableTopic,
  WindowedAggregate,
} from './types.ts';

/** Of a fetch of a spot reader, which wants a few rows of many partitions. */
const SPOT_BYTES = 64 * 1024;

export interface Streams {
  /** @param options.transactionalId rows of one `send` become visible together; of all producers with one id the last one works */
  createProducer(options: ProducerOptions): EventProducer;
  createConsumer<T extends TopicName>(options: ConsumerOptions<T>): Runnable;
  createRecordStage<In extends TopicName, Context>(
    stage: RecordStage<In, Context>,
    options: { outputs: readonly TopicName[] },
  ): Runnable;
  createWindowedStage<
    In extends WindowableTopic,
    Out extends TopicName,
    State,
    Row extends Partial<TopicValue[In]>,
  >(
    aggregate: WindowedAggregate<In, Out, State, Row>,
    options: WindowOptions,
  ): Runnable;
  /** Both steps: they share out work separately and may run in different instances. */
  createTwoStepStage<
    In extends WindowableTopic,
    Out extends TopicName,
    State,
    Row extends Partial<TopicValue[In]>,
  >(
    aggregate: TwoStepAggregate<In, Out, State, Row>,
    options: WindowOptions,
  ): [Runnable, Runnable];
  createTable<T extends TopicName>(options: TableOptions<T>): Runnable;
  /** Reads pieces of logs when asked to, and is next to free in between. */
  createSpotReader(options: { topics: readonly TopicName[] }): SpotReader;
  readLog<T extends TopicName>(
    options: ReadLogOptions<T>,
    onRecord: (record: LogRecord<T>) => Promise<void> | void,
  ): Promise<void>;
  /** The row in bytes as they lie in a topic. @throws StreamError `UNDECODABLE` */
  decode<T extends TopicName>(topic: T, bytes: Buffer): Promise<TopicValue[T]>;
  /** The partition of rows whose contract picks it by this text: the key, or its `partitionBy`. */
  partitionOf(topic: TopicName, text: string): Promise<number>;
  registerSchemas(): Promise<void>;
  /** What each stage has made of its input so far, exactly. */
  tallies(): Promise<StageTally[]>;
  admin: StreamsAdmin;
}

interface ProducerOptions {
  topics: readonly TopicName[];
  transactionalId?: string;
}

export interface StreamsContext {
  /** Client id on the cluster. */
  name: string;
  logger: Logger;
  metrics: Registry;
}

/** Everything that a service does with Kafka, over one cluster and registry. Nothing is connected before a resource starts. */
export function createStreams(config: KafkaConfig, context: StreamsContext): Streams {
  const parts = connectLater(config, context);
  const { admin, codec, createConsumer, createProducer, names, runStage } = parts;
  const reading = {
    codec,
    names,
    createConsumer,
    log: admin,
    endOffsets: (topic: TopicName) => admin.endOffsets(topic),
  };
  return {
    admin,
    createProducer,
    createConsumer: (options) =>
      new StreamConsumer(options, {
        ...parts,
        consumer: createConsumer(names.id(options.name)),
        producer: createProducer({ topics: ['ecom.dead-letter.v1'] }),
      }),
    createRecordStage: (stage, options) => runStage(recordSpec(stage, options.outputs)),
    createWindowedStage: (aggregate, options) => runStage(windowSpec(aggregate, options)),
    createTwoStepStage: (aggregate, options) => [
      runStage(splitSpec(aggregate, options, parts)),
      runStage(mergeSpec(aggregate, options, parts)),
    ],
    createTable: (options) => createStreamTable(options, { ...reading, crash }),
    createSpotReader: ({ topics }) => {
      const createSmall = (groupId: string) =>
        createGroupConsumer(parts.kafka, groupId, { maxBytesPerPartition: SPOT_BYTES });
      return new KafkaSpotReader(topics, { codec, names, crash, createConsumer: createSmall });
    },
    readLog: (options, onRecord) => readLog(options, onRecord, reading),
    async decode(topic, bytes) {
      await codec.learn(topic, [bytes]);
      return codec.decode(topic, bytes);
    },
    partitionOf: async (topic, text) => partitionFor(text, (await admin.endOffsets(topic)).size),
    registerSchemas: () => registerSchemas(config.SCHEMA_REGISTRY_URL),
    tallies: () =>
      readTallies({ admin, readLog: (options, onRecord) => readLog(options, onRecord, reading) }),
  };
}

function connectLater(config: KafkaConfig, { name: clientId, logger, metrics: registry }: StreamsContext) {
  const kafka = createKafka(config, { clientId, logger });
  const names = createNames(config.KAFKA_TOPIC_PREFIX);
  const codec = createCodec(config.SCHEMA_REGISTRY_URL);
  const admin = new KafkaAdmin(() => kafka.admin(), names);
  const metrics = streamMetrics(registry);
  const createConsumer = (groupId: string) => createGroupConsumer(kafka, groupId);
  const shared = { logger, metrics, codec, names, crash };

  function createProducer({ topics, transactionalId: id }: ProducerOptions): EventProducer {
    const createClient = () =>
      id === undefined
        ? createPlainProducer(kafka, partitioner)
        : createTransactionalProducer(kafka, { transactionalId: names.id(id), partitioner });
    return createEventProducer({ createClient, codec, names, topics, isTransactional: id !== undefined });
  }

  function runStage<In extends TopicName>(spec: StageSpec<In>): Runnable {
    const topic = names.topic(spec.changelog);
    const groupPrefix = names.id(spec.name);
    return new StageRunner(spec, {
      ...shared,
      consumer: createConsumer(groupPrefix),
      endOffsets: (name) => admin.endOffsets(name),
      createProducer: (transactionalId) =>
        createTransactionalProducer(kafka, { transactionalId, partitioner }),
      reader: new ChangelogReader({ topic, createConsumer, groupPrefix, crash }),
    });
  }

  return { ...shared, kafka, admin, createConsumer, createProducer, runStage };
}

/** Leaves the error to the process: `runService` logs it, stops what runs and exits with 1. */
function crash(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
