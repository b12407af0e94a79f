import { randomUUID } from 'node:crypto';
import type { TopicName, TopicValue } from '@shopstream/contracts';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Codec } from './codec.ts';
import { type Names, runConsumer } from './kafka.ts';
import { type EndOffsets, findPlace, type LogPlace, type PlaceLookup } from './log-place.ts';

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
  /** Partitions that offsets do not name are read from their beginning. */
  from: 'beginning' | 'end' | LogPlace;
  /** `now`: up to the end that each partition had at the start of the call; `forever`: until aborted. */
  until: 'now' | 'forever';
  /** All partitions by default. */
  partition?: number;
  /** Of another platform on the cluster; that of the settings by default. */
  topicPrefix?: string;
  signal?: AbortSignal;
}

export interface LogReaderDeps {
  codec: Codec;
  names: Names;
  createConsumer: (groupId: string) => Consumer;
  log: LogOffsets;
}

/** Offsets of a topic by its name on the cluster. */
export interface LogOffsets {
  ends(physicalTopic: string): Promise<EndOffsets>;
  at(physicalTopic: string, timeMs: number): ReturnType<PlaceLookup['offsetsAt']>;
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
  const { topic, topicPrefix } = options;
  const physical = topicPrefix === undefined ? deps.names.topic(topic) : topicPrefix + topic;
  const ends = await deps.log.ends(physical);
  const next = await startsOf(options, { ends, offsetsAt: (timeMs) => deps.log.at(physical, timeMs) });
  const hasRows = [...next].some(([partition, offset]) => offset < (ends.get(partition)?.high ?? 0n));
  if (options.until === 'now' && !hasRows) return;
  const consumer = deps.createConsumer(`${deps.names.topic(options.topic)}-reader-${randomUUID()}`);
  let joined = Promise.resolve();
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [physical], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const reading = new Reading({ ...options, ends, next, resolve, reject });
      reading.follow(consumer, physical);
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

/** Where reading begins in each of the partitions that are asked for. */
async function startsOf<T extends TopicName>(
  { from, partition: only }: ReadLogOptions<T>,
  lookup: PlaceLookup,
): Promise<Map<number, bigint>> {
  const found = typeof from === 'string' ? new Map<number, bigint>() : await findPlace(from, lookup);
  const wanted = [...lookup.ends].filter(([partition]) => (only ?? partition) === partition);
  return new Map(
    wanted.map(([partition, { low, high }]) => [
      partition,
      from === 'end' ? high : (found.get(partition) ?? low),
    ]),
  );
}

interface ReadingOptions<T extends TopicName> extends ReadLogOptions<T> {
  ends: EndOffsets;
  /** Next offset to be delivered, so that a consumer that joins anew repeats nothing. */
  next: Map<number, bigint>;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Which records of a topic are still to be delivered. */
class Reading<T extends TopicName> {
  readonly #options: ReadingOptions<T>;
  /** Partitions whose end of the beginning has not been reached yet. */
  readonly #missing: Map<number, bigint>;
  readonly #next: Map<number, bigint>;
  #hasEnded = false;

  constructor(options: ReadingOptions<T>) {
    const { ends, next, signal } = options;
    this.#options = options;
    const highs = [...next.keys()].map((partition) => [partition, ends.get(partition)?.high ?? 0n] as const);
    this.#missing = new Map(highs.filter(([partition, high]) => high > (next.get(partition) ?? 0n)));
    this.#next = next;
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

/** A message as a record; bytes that cannot be read are an error in the place of the row. The codec must know their schema. */
export function toLogRecord<T extends TopicName>(
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
