import { type TopicName, topicNames } from '@shopstream/contracts';
import { Registry, createLogger } from '@shopstream/platform';
import { testSettings, uniqueName } from '@shopstream/testkit';
import { Kafka, type Message, logLevel } from 'kafkajs';
import { z } from 'zod';
import {
  type LogRecord,
  type Streams,
  type StreamsConfig,
  createStreams,
  kafkaConfigShape,
} from '../src/index.ts';

const schema = z.object(kafkaConfigShape);

/** Streams over a set of topics of their own. */
export async function freshStreams(options: { partitions: number; topics?: readonly TopicName[] }): Promise<{
  streams: Streams;
  /** Another process's view of the same topics. */
  again: (settings?: Partial<StreamsConfig>) => Streams;
  prefix: string;
}> {
  const config = schema.parse({ ...testSettings(), KAFKA_TOPIC_PREFIX: `${uniqueName('streams')}.` });
  const create = (settings: Partial<StreamsConfig> = {}): Streams =>
    createStreams(
      { ...config, ...settings },
      {
        name: 'streams-test',
        logger: createLogger({ name: 'streams-test', level: process.env['LOG_LEVEL'] ?? 'silent' }),
        metrics: new Registry(),
      },
    );
  const streams = create();
  await streams.registerSchemas();
  await streams.admin.createTopics(options.topics ?? topicNames, { partitions: options.partitions });
  return { streams, again: create, prefix: config.KAFKA_TOPIC_PREFIX };
}

/** All records of a topic up to its end now. */
export async function readAll<T extends TopicName>(streams: Streams, topic: T): Promise<LogRecord<T>[]> {
  const records: LogRecord<T>[] = [];
  await streams.readLog({ topic, from: 'beginning', until: 'now' }, (record) => void records.push(record));
  return records;
}

export interface RawProducer {
  send(messages: readonly Message[]): Promise<void>;
  stop(): Promise<void>;
}

/** Writes bytes to a topic as a stranger could. */
export async function rawProducer(physicalTopic: string): Promise<RawProducer> {
  const brokers = testSettings().KAFKA_BROKERS.split(',');
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  return {
    async send(messages) {
      await producer.send({ topic: physicalTopic, messages: [...messages] });
    },
    stop: () => producer.disconnect(),
  };
}
