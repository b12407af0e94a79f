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

/**
 * Reads a topic, read committed, without leaving a trace in any other group. The next record waits for `onRecord`; what it throws
 * ends the reading and is thrown.
 */
export async function readLog<T extends TopicName>(
  options: ReadLogOptions<T>,
  onRecord: (record: LogRecord<T>) => Promise<void> | void,
  deps: LogReaderDeps,
): Promise<void> {
  const ends = await deps.endOffsets(options.topic);
  const wanted = [...ends].filter(([partition]) => (options.partition ?? partition) === partition);
  const filled = wanted.filter(([, { low, high }]) => high > low);
  if (options.until === 'now' && (filled.length === 0 || options.from === 'end')) return;
  const consumer = deps.createConsumer(`${deps.names.topic(options.topic)}-reader-${randomUUID()}`);
  let joined = Promise.resolve();
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [deps.names.topic(options.topic)], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const reading = new Reading({ ...options, ends: new Map(wanted), resolve, reject });
      reading.follow(consumer, deps.names.topic(options.topic));
      const onBatch = (payload: EachBatchPayload) => reading.onBatch(payload, deps.codec, onRecord);
      joined = runConsumer(consumer, onBatch, { autoCommit: false, concurrency: 1 });
      joined.catch(reject);
    });
  } finally {
    // kafkajs lets go only of a consumer that has joined.
    await joined.catch(() => undefined);
    await consumer.disconnect();
  }
}

interface ReadingOptions<T extends TopicName> extends ReadLogOptions<T> {
  ends: EndOffsets;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Which records of a topic are still to be delivered. */
class Reading<T extends TopicName> {
  readonly #options: ReadingOptions<T>;
  /** Partitions whose end of the beginning has not been reached yet. */
  readonly #missing: Map<number, bigint>;
  /** Next offset to be delivered, so that a consumer that joins anew repeats nothing. */
  readonly #next: Map<number, bigint>;
  #hasEnded = false;

  constructor(options: ReadingOptions<T>) {
    const { ends, from, signal } = options;
    this.#options = options;
    this.#missing = new Map(
      [...ends].filter(([, { low, high }]) => high > low).map(([p, { high }]) => [p, high]),
    );
    this.#next = new Map([...ends].map(([p, { low, high }]) => [p, from === 'end' ? high : low]));
    if (signal?.aborted === true) this.#end();
    signal?.addEventListener('abort', () => this.#end(), { once: true });
  }

  follow(consumer: Consumer, topic: string): void {
    const { CRASH, END_BATCH_PROCESS, GROUP_JOIN } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      const assigned = payload.memberAssignment[topic] ?? [];
      consumer.pause([{ topic, partitions: assigned.filter((partition) => !this.#next.has(partition)) }]);
      for (const [partition, offset] of this.#next)
        consumer.seek({ topic, partition, offset: String(offset) });
    });
    consumer.on(END_BATCH_PROCESS, ({ payload }) =>
      this.#reached(payload.partition, BigInt(payload.lastOffset)),
    );
    consumer.on(CRASH, ({ payload }) => this.#fail(payload.error));
  }

  async onBatch(
    { batch, resolveOffset, heartbeat, isStale }: EachBatchPayload,
    codec: Codec,
    onRecord: (record: LogRecord<T>) => Promise<void> | void,
  ): Promise<void> {
    if (isStale()) return;
    const { partition, messages } = batch;
    try {
      await codec.learn(
        this.#options.topic,
        messages.map((message) => message.value),
      );
      for (const message of messages) {
        if (this.#hasEnded || !this.#isDue(partition, BigInt(message.offset))) continue;
        await onRecord(toLogRecord(codec, this.#options.topic, { partition, message }));
        this.#next.set(partition, BigInt(message.offset) + 1n);
        await heartbeat();
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    resolveOffset(messages.at(-1)?.offset ?? batch.lastOffset());
  }

  #isDue(partition: number, offset: bigint): boolean {
    if (offset < (this.#next.get(partition) ?? 0n)) return false;
    const high = this.#options.ends.get(partition)?.high ?? 0n;
    return this.#options.until === 'forever' || offset < high;
  }

  #reached(partition: number, offset: bigint): void {
    const end = this.#missing.get(partition);
    if (end !== undefined && offset + 1n >= end) this.#missing.delete(partition);
    if (this.#options.until === 'now' && this.#missing.size === 0) this.#end();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#options.resolve();
  }

  #fail(error: Error): void {
    this.#hasEnded = true;
    this.#options.reject(error);
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
