// A consumer whose partitions are all paused: it costs next to nothing until somebody asks for a piece of a log.
import { randomUUID } from 'node:crypto';
import type { TopicName } from '@shopstream/contracts';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Codec } from './codec.ts';
import { type ConsumerHealth, watchConsumer } from './consumer-health.ts';
import { type Names, runConsumer } from './kafka.ts';
import { type LogRecord, toLogRecord } from './log-reader.ts';
import type { Runnable } from './types.ts';

/** A piece of a partition: at most `maxRows` rows from `from` on and before `until`. */
export interface Spot<T extends TopicName = TopicName> {
  topic: T;
  partition: number;
  from: bigint;
  until: bigint;
  maxRows: number;
}

/** What was read of a spot. `next` is the offset up to which all is known: markers and aborted rows count, and are no records. */
export interface SpotRecords<T extends TopicName = TopicName> extends Spot<T> {
  records: LogRecord<T>[];
  next: bigint;
}

export interface SpotReader extends Runnable {
  /**
   * Reads pieces of logs, read committed, one call at a time and at most one spot of a partition in it. Answers after `timeoutMs` at
   * the latest with what has come: rows of a transaction that is open may come later.
   */
  read(spots: readonly Spot[], options: { timeoutMs: number }): Promise<SpotRecords[]>;
}

export interface SpotReaderDeps {
  codec: Codec;
  names: Names;
  createConsumer: (groupId: string) => Consumer;
  crash: (error: Error) => void;
}

interface Reading {
  result: SpotRecords;
  done: () => void;
  failed: (error: unknown) => void;
}

/** A reader of pieces of some topics' logs, over one connection that is kept. */
export class KafkaSpotReader implements SpotReader {
  readonly name = 'spot reader';
  readonly #topics: readonly TopicName[];
  readonly #deps: SpotReaderDeps;
  readonly #readings = new Map<string, Reading>();
  #consumer: Consumer | null = null;
  #health: ConsumerHealth | null = null;

  constructor(topics: readonly TopicName[], deps: SpotReaderDeps) {
    this.#topics = topics;
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { createConsumer, crash, names } = this.#deps;
    const consumer = createConsumer(names.id(`spot-reader-${randomUUID()}`));
    this.#consumer = consumer;
    this.#health = watchConsumer(consumer, crash);
    await consumer.connect();
    await consumer.subscribe({
      topics: this.#topics.map((topic) => names.topic(topic)),
      fromBeginning: true,
    });
    const { END_BATCH_PROCESS, GROUP_JOIN } = consumer.events;
    consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#reached(payload, BigInt(payload.lastOffset));
    });
    const joined = new Promise<void>((resolve) => {
      consumer.on(GROUP_JOIN, ({ payload }) => {
        const assigned = Object.entries(payload.memberAssignment);
        consumer.pause(assigned.map(([topic, partitions]) => ({ topic, partitions })));
        // What was being read when the group formed anew would never end: it is asked for again next time.
        this.#endAll();
        resolve();
      });
    });
    await runConsumer(consumer, (payload) => this.#onBatch(payload), { autoCommit: false, concurrency: 1 });
    await joined;
  }

  async stop(): Promise<void> {
    this.#endAll();
    await this.#consumer?.disconnect();
    this.#consumer = null;
  }

  ready(): string {
    return this.#health?.ready() ?? 'not connected';
  }

  live(): boolean {
    return this.#health?.live() ?? true;
  }

  async read(spots: readonly Spot[], { timeoutMs }: { timeoutMs: number }): Promise<SpotRecords[]> {
    const consumer = this.#consumer;
    if (consumer === null) throw new Error('the spot reader is not running');
    if (this.#readings.size > 0) throw new Error('the spot reader is reading');
    const timer = setTimeout(() => this.#endAll(), timeoutMs);
    try {
      return await Promise.all(spots.map((spot) => this.#readOne(consumer, spot)));
    } finally {
      clearTimeout(timer);
      this.#endAll();
      this.#readings.clear();
    }
  }

  async #readOne(consumer: Consumer, spot: Spot): Promise<SpotRecords> {
    const at = { topic: this.#deps.names.topic(spot.topic), partition: spot.partition };
    const result: SpotRecords = { ...spot, records: [], next: spot.from };
    try {
      await new Promise<void>((done, failed) => {
        this.#readings.set(keyOf(at), { result, done, failed });
        consumer.seek({ ...at, offset: String(spot.from) });
        consumer.resume([{ topic: at.topic, partitions: [at.partition] }]);
      });
      return result;
    } finally {
      consumer.pause([{ topic: at.topic, partitions: [at.partition] }]);
    }
  }

  async #onBatch({ batch, isStale, pause, resolveOffset }: EachBatchPayload): Promise<void> {
    const reading = this.#readings.get(keyOf(batch));
    if (reading === undefined) pause();
    if (reading === undefined || isStale()) return;
    const { result, failed } = reading;
    const { codec } = this.#deps;
    const { topic, partition, maxRows } = result;
    const due = batch.messages.filter(({ offset }) => isWithin(result, BigInt(offset)));
    const messages = due.slice(0, maxRows - result.records.length);
    try {
      await codec.learn(
        topic,
        messages.map(({ value }) => value),
      );
      for (const message of messages) result.records.push(toLogRecord(codec, topic, { partition, message }));
    } catch (error) {
      return failed(error);
    }
    resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset());
    const isFull = result.records.length >= maxRows;
    this.#reached(batch, (isFull ? result.records.at(-1)?.offset : undefined) ?? BigInt(batch.lastOffset()));
  }

  #reached(at: { topic: string; partition: number }, lastOffset: bigint): void {
    const reading = this.#readings.get(keyOf(at));
    if (reading === undefined) return;
    const { result, done } = reading;
    result.next = lastOffset < result.until ? lastOffset + 1n : result.until;
    if (result.next >= result.until || result.records.length >= result.maxRows) done();
  }

  #endAll(): void {
    for (const { done } of this.#readings.values()) done();
  }
}

const keyOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;

const isWithin = ({ from, until }: Spot, offset: bigint): boolean => offset >= from && offset < until;
