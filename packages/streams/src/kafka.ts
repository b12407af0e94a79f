// The one place that configures kafkajs. See docs/adr/0003-kafkajs.md for each value.
import { type TopicName } from '@shopstream/contracts';
import type { Logger } from '@shopstream/platform';
import {
  type Consumer,
  type EachBatchPayload,
  type ICustomPartitioner,
  Kafka,
  type KafkaConfig as ClientConfig,
  type Producer,
  logLevel,
} from 'kafkajs';
import type { KafkaConfig } from './config.ts';

/** Longest a fetch waits for data, and so the longest a stop waits for an idle consumer. */
const MAX_WAIT_MS = 250;
const MAX_BATCH_BYTES_PER_PARTITION = 1024 * 1024;
/** Rows of windows may wait for MAX_WAIT_MS: a few large commits write a window's state less often than many small ones. */
export const WINDOWS_MIN_FETCH_BYTES = 256 * 1024;
const MAX_FETCH_BYTES = 16 * 1024 * 1024;
const TRANSACTION_TIMEOUT_MS = 30_000;

/** A transaction waits, as a matter of course, until the broker has written the markers of the one before. */
const PREVIOUS_TRANSACTION = /another concurrent operation on the same transaction was ongoing/;

/** Names on the cluster of what the platform calls otherwise. */
export interface Names {
  topic(name: TopicName): string;
  /** Groups and transactional ids. */
  id(name: string): string;
  logical(physical: string): TopicName;
}

export function createNames(prefix: string): Names {
  return {
    topic: (name) => prefix + name,
    id: (name) => prefix + name,
    logical: (physical) => physical.slice(prefix.length) as TopicName,
  };
}

export function createKafka(config: KafkaConfig, deps: { clientId: string; logger: Logger }): Kafka {
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = config;
  return new Kafka({
    clientId: deps.clientId,
    brokers: config.KAFKA_BROKERS,
    ssl: config.KAFKA_SSL,
    ...(mechanism === undefined
      ? {}
      : {
          sasl: { mechanism, username: username ?? '', password: password ?? '' } as NonNullable<
            ClientConfig['sasl']
          >,
        }),
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 20, maxRetryTime: 2_000, retries: 15 },
    logLevel: logLevel.ERROR,
    // A broker that is away shows in readiness and in the error of the last retry; kafkajs logs every single one.
    logCreator: () => (entry) => {
      const { message, error, groupId } = entry.log as { message: string; error?: string; groupId?: string };
      if (PREVIOUS_TRANSACTION.test(error ?? message)) return;
      deps.logger.warn({ kafka: message, namespace: entry.namespace, groupId, error }, 'kafka client');
    },
  });
}

/** Idempotent, one request in flight: the order of a partition survives retries. */
export function createPlainProducer(kafka: Kafka, createPartitioner: ICustomPartitioner): Producer {
  return kafka.producer({
    createPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
}

export function createTransactionalProducer(
  kafka: Kafka,
  options: { transactionalId: string; partitioner: ICustomPartitioner },
): Producer {
  return kafka.producer({
    transactionalId: options.transactionalId,
    createPartitioner: options.partitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
  });
}

export function createGroupConsumer(
  kafka: Kafka,
  groupId: string,
  { maxBytesPerPartition = MAX_BATCH_BYTES_PER_PARTITION, minBytes = 1 } = {},
): Consumer {
  return kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: MAX_WAIT_MS,
    minBytes,
    maxBytesPerPartition,
    maxBytes: MAX_FETCH_BYTES,
    sessionTimeout: 30_000,
    heartbeatInterval: 3_000,
    rebalanceTimeout: 60_000,
    readUncommitted: false,
    retry: {
      initialRetryTime: 20,
      maxRetryTime: 2_000,
      retries: 15,
      restartOnFailure: () => Promise.resolve(true),
    },
  });
}

/** Runs a consumer whose handler resolves offsets itself: what a handler did not resolve is delivered again. */
export async function runConsumer(
  consumer: Consumer,
  eachBatch: (payload: EachBatchPayload) => Promise<void>,
  options: { autoCommit: boolean; concurrency: number },
): Promise<void> {
  await consumer.run({
    autoCommit: options.autoCommit,
    autoCommitInterval: 500,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: options.concurrency,
    eachBatch,
  });
}
