import { randomUUID } from 'node:crypto';
import type { TopicName, TopicValue } from '@shopstream/contracts';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Codec } from './codec.ts';
import { type Names, runConsumer } from './kafka.ts';

/** First offset and the one after the last, by partition. */
export type EndOffsets = Map<number, { low: bigint; high: bigint }>;

export interface LogRecord<T extends TopicName = TopicName> {
  partition: number;
  offset: bigint;
  timestamp: number;
  key: Buffer | null;
  /** The row, null for a tombstone, or why the bytes could not be read. */
  value: TopicValue[T] | null | Error;
}

export interface ReadLogOptions<T extends TopicName> {
  topic: T;
  from: 'beginning' | 'end';
  /** `now`: up to the end that each partition had at the start of the call; `forever`: until aborted. */
  until: 'now' | 'forever';
  /** All partitions by default. */
  partition?: number;
  signal?: AbortSignal;
}

export interface LogReaderDeps {
  codec: Codec;
  names: Names;
  createConsumer: (groupId: string) => Consumer;
  endOffsets: (topic: TopicName) => Promise<EndOffsets>;
}

/** Reads a topic, read committed, without leaving a trace in any other group. The next record waits for `onRecord`. */
export async function readLog<T extends TopicName>(
  options: ReadLogOptions<T>,
  onRecord: (record: LogRecord<T>) => Promise<void> | void,
  deps: LogReaderDeps,
): Promise<void> {
  const { topic, signal } = options;
  const physical = deps.names.topic(topic);
  const ends = await deps.endOffsets(topic);
  const isWanted = (partition: number): boolean =>
    options.partition === undefined || options.partition === partition;
  const missing = new Map(
    [...ends].filter(([partition, { low, high }]) => isWanted(partition) && high > low),
  );
  if (options.until === 'now' && (missing.size === 0 || options.from === 'end')) return;

  const consumer = deps.createConsumer(`${physical}-reader-${randomUUID()}`);
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [physical], fromBeginning: options.from === 'beginning' });
    await new Promise<void>((resolve, reject) => {
      const onBatch = async ({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> => {
        if (!isWanted(batch.partition)) return resolveOffset(batch.lastOffset());
        await deps.codec.learn(
          topic,
          batch.messages.map((message) => message.value),
        );
        const end = options.until === 'now' ? (ends.get(batch.partition)?.high ?? 0n) : null;
        for (const message of batch.messages) {
          if (signal?.aborted === true) return;
          if (end !== null && BigInt(message.offset) >= end) break;
          await onRecord(toLogRecord(deps.codec, options.topic, { partition: batch.partition, message }));
          await heartbeat();
        }
        resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset());
      };
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
        const end = missing.get(payload.partition)?.high;
        if (end !== undefined && BigInt(payload.lastOffset) + 1n >= end) missing.delete(payload.partition);
        if (options.until === 'now' && missing.size === 0) resolve();
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      signal?.addEventListener('abort', () => resolve(), { once: true });
      runConsumer(consumer, onBatch, { autoCommit: false, concurrency: 1 }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

function toLogRecord<T extends TopicName>(
  codec: Codec,
  topic: T,
  { partition, message }: { partition: number; message: KafkaMessage },
): LogRecord<T> {
  const coordinates = {
    partition,
    offset: BigInt(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
  };
  if (message.value === null) return { ...coordinates, value: null };
  try {
    return { ...coordinates, value: codec.decode(topic, message.value) };
  } catch (error) {
    return { ...coordinates, value: error instanceof Error ? error : new Error(String(error)) };
  }
}
