import { topics, type TopicName, type TopicValue } from '@shopstream/contracts';
import { type Logger, type Registry } from '@shopstream/platform';
import { KafkaAdmin, type StreamsAdmin } from './admin.ts';
import { createCodec } from './codec.ts';
import type { KafkaConfig } from './config.ts';
import { StreamConsumer } from './consumer.ts';
import {
  WINDOWS_MIN_FETCH_BYTES,
  createGroupConsumer,
  createKafka,
  createNames,
  createPlainProducer,
  createTransactionalProducer,
} from './kafka.ts';
import { createJointProducer, type JointProducer } from './joint-producer.ts';
import { type LogRecord, type ReadLogOptions, readLog } from './log-reader.ts';
import { partitioner, partitionFor } from './messages.ts';
import { streamMetrics } from './metrics.ts';
import { type EventProducer, createEventProducer } from './producer.ts';
import { registerSchemas } from './registrar.ts';
import { type StageConfig, toRunMode } from './run-mode.ts';
import { KafkaSpotReader, type SpotReader } from './spot-reader.ts';
import { fenceOwners, transactionalIdOf } from './stage/fence.ts';
import { ChangelogReader } from './stage/changelog-reader.ts';
import { StageRunner } from './stage/stage-runner.ts';
import type { StageSpec } from './stage/stage-spec.ts';
import { mergeSpec, recordSpec, splitSpec, windowSpec } from './stage/specs.ts';
import type { WindowOptions } from './stage/window-rows.ts';
import { type StageTally, readTallies } from './tallies.ts';
import { type StreamTable, type TableOptions, createStreamTable } from './table.ts';
import type {
  ChangelogTopic,
  ConsumerOptions,
  RecordStage,
  Runnable,
  RunnableStage,
  TwoStepAggregate,
  WindowableTopic,
  WindowedAggregate,
} from './types.ts';

/** Of a fetch of a spot reader, which wants a few rows of many partitions. */
const SPOT_BYTES = 64 * 1024;

export interface Streams {
  createProducer(options: { topics: readonly TopicName[] }): EventProducer;
  /** @param options.id of all producers with one id only the one that was started last works */
  createJointProducer(options: { topics: readonly TopicName[]; id: string }): JointProducer;
  createConsumer<T extends TopicName>(options: ConsumerOptions<T>): Runnable;
  createRecordStage<In extends TopicName, Context>(
    stage: RecordStage<In, Context>,
    options: { outputs: readonly TopicName[] },
  ): RunnableStage;
  createWindowedStage<
    In extends WindowableTopic,
    Out extends TopicName,
    State,
    Row extends Partial<TopicValue[In]>,
  >(
    aggregate: WindowedAggregate<In, Out, State, Row>,
    options: WindowOptions,
  ): RunnableStage;
  /** Both steps: they share out work separately and may run in different instances. */
  createTwoStepStage<
    In extends WindowableTopic,
    Out extends TopicName,
    State,
    Row extends Partial<TopicValue[In]>,
  >(
    aggregate: TwoStepAggregate<In, Out, State, Row>,
    options: WindowOptions,
  ): [RunnableStage, RunnableStage];
  createTable<T extends TopicName>(options: TableOptions<T>): StreamTable;
  /**
   * Fences all owners of a stage, in every instance: what they have not committed they never will, and when this resolves what they have
   * committed is at the end of the topics. They take their partitions anew, and ask their `lookup` again.
   */
  fenceStage(stage: { name: string; input: TopicName; changelog: ChangelogTopic }): Promise<void>;
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

/** Services with stages spread `stageConfigShape` into their settings as well. */
export type StreamsConfig = KafkaConfig & Partial<StageConfig>;

export interface StreamsContext {
  /** Client id on the cluster. */
  name: string;
  logger: Logger;
  metrics: Registry;
}

/** Everything that a service does with Kafka, over one cluster and registry. Nothing is connected before a resource starts. */
export function createStreams(config: StreamsConfig, context: StreamsContext): Streams {
  const parts = connectLater(config, context);
  const { admin, codec, createConsumer, createProducer, names } = parts;
  const reading = {
    codec,
    names,
    createConsumer,
    log: admin,
  };
  return {
    admin,
    createProducer,
    createJointProducer: ({ id, topics }) => {
      const transactionalId = names.id(id);
      const client = createTransactionalProducer(parts.kafka, { transactionalId, partitioner });
      return createJointProducer({ client, codec, names, topics });
    },
    createConsumer: (options) =>
      new StreamConsumer(options, {
        ...parts,
        consumer: createConsumer(names.id(options.name)),
        producer: createProducer({ topics: ['ecom.dead-letter.v1'] }),
      }),
    ...stageFactories(parts),
    createTable: (options) => createStreamTable(options, { ...parts, log: admin }),
    async fenceStage(stage) {
      const partitions = [...(await admin.endOffsets(stage.changelog)).keys()];
      const ids = partitions.map((partition) => transactionalIdOf(names, stage, partition));
      await fenceOwners(ids, parts.createTransactional);
    },
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

type StageFactories = Pick<Streams, 'createRecordStage' | 'createWindowedStage' | 'createTwoStepStage'>;

function stageFactories(parts: ReturnType<typeof connectLater>): StageFactories {
  const { mode, runStage } = parts;
  // Of a bounded run every row is final, and no clock has a say in it.
  const patience = mode.isBounded ? { interimMs: Infinity, idleMs: Infinity } : {};
  return {
    createRecordStage: (stage, options) => runStage(recordSpec(stage, options.outputs)),
    createWindowedStage: (aggregate, options) => runStage(windowSpec(aggregate, { ...options, ...patience })),
    createTwoStepStage: (aggregate, options) => [
      runStage(splitSpec(aggregate, { ...options, ...patience }, parts)),
      runStage(mergeSpec(aggregate, { ...options, ...patience }, parts)),
    ],
  };
}

function connectLater(config: StreamsConfig, { name: clientId, logger, metrics: registry }: StreamsContext) {
  const kafka = createKafka(config, { clientId, logger });
  const names = createNames(config.KAFKA_TOPIC_PREFIX);
  const inputPrefix = config.INPUT_TOPIC_PREFIX ?? config.KAFKA_TOPIC_PREFIX;
  const mode = toRunMode(config);
  const codec = createCodec(config.SCHEMA_REGISTRY_URL);
  const admin = new KafkaAdmin(() => kafka.admin(), names);
  const metrics = streamMetrics(registry);
  const createConsumer = (groupId: string) => createGroupConsumer(kafka, groupId);
  const shared = { logger, metrics, codec, names, mode, crash };
  // A stage's own topics are where it writes, those of others may be elsewhere.
  const inputTopic = (topic: TopicName): string =>
    topics[topic].internal ? names.topic(topic) : inputPrefix + topic;

  function createProducer({ topics }: { topics: readonly TopicName[] }): EventProducer {
    const createClient = () => createPlainProducer(kafka, partitioner);
    return createEventProducer({ createClient, codec, names, topics });
  }

  const createTransactional = (transactionalId: string) =>
    createTransactionalProducer(kafka, { transactionalId, partitioner });

  function runStage<In extends TopicName>(spec: StageSpec<In>): RunnableStage {
    const topic = names.topic(spec.changelog);
    const groupPrefix = names.id(spec.name);
    return new StageRunner(spec, {
      ...shared,
      consumer: createGroupConsumer(kafka, groupPrefix, {
        ...(spec.isTimed === true && { minBytes: WINDOWS_MIN_FETCH_BYTES }),
      }),
      endOffsets: (name) => admin.endOffsets(name),
      log: admin,
      inputTopic: inputTopic(spec.input),
      createProducer: createTransactional,
      reader: new ChangelogReader({ topic, createConsumer, groupPrefix, crash }),
    });
  }

  const inputEnds = (topic: TopicName) => admin.ends(inputTopic(topic));
  return {
    ...shared,
    kafka,
    admin,
    inputPrefix,
    inputEnds,
    createConsumer,
    createProducer,
    createTransactional,
    runStage,
  };
}

/** Leaves the error to the process: `runService` logs it, stops what runs and exits with 1. */
function crash(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
