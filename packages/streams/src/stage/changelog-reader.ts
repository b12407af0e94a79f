// kafkajs reads partitions only as a member of a group, so one member of a group of its own serves all restores of a stage:
// every partition is paused but those being read.
import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { StreamError } from '../errors.ts';
import { runConsumer } from '../kafka.ts';

/** A restore that hears nothing for so long fails; the partition is dropped and taken anew. */
const SILENCE_MS = 30_000;

interface Reading {
  onMessage: (message: KafkaMessage) => boolean;
  finish: (error?: Error) => void;
  silence: NodeJS.Timeout;
}

export interface ChangelogReaderOptions {
  topic: string;
  createConsumer: (groupId: string) => Consumer;
  groupPrefix: string;
  crash: (error: Error) => void;
  silenceMs?: number;
}

/** Reads partitions of one changelog from their beginning, read committed. */
export class ChangelogReader {
  readonly #options: ChangelogReaderOptions;
  readonly #readings = new Map<number, Reading>();
  #consumer: Consumer | null = null;

  constructor(options: ChangelogReaderOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { topic, groupPrefix, createConsumer, crash } = this.#options;
    const consumer = createConsumer(`${groupPrefix}-restore-${randomUUID()}`);
    this.#consumer = consumer;
    const { GROUP_JOIN, CRASH } = consumer.events;
    consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) crash(payload.error);
    });
    // A reader that joins anew begins its partitions anew, which readings take: later entries of a key replace earlier ones.
    consumer.on(GROUP_JOIN, ({ payload }) => this.#pauseIdle(payload.memberAssignment[topic] ?? []));
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(GROUP_JOIN, () => resolve()));
    await runConsumer(consumer, (payload) => this.#onBatch(payload), { autoCommit: false, concurrency: 1 });
    await joined;
  }

  async stop(): Promise<void> {
    await this.#consumer?.disconnect();
    this.#consumer = null;
    for (const { finish } of this.#readings.values()) finish(new Error('the changelog reader was stopped'));
  }

  /** Reads until `onMessage` answers true. @throws StreamError `KAFKA_UNAVAILABLE` when nothing comes for 30 s */
  async read(partition: number, onMessage: (message: KafkaMessage) => boolean): Promise<void> {
    const { topic, silenceMs = SILENCE_MS } = this.#options;
    const consumer = this.#consumer;
    if (consumer === null) throw new Error('the changelog reader is not started');
    await new Promise<void>((resolve, reject) => {
      const finish = (error?: Error): void => {
        clearTimeout(silence);
        if (this.#readings.delete(partition)) consumer.pause([{ topic, partitions: [partition] }]);
        if (error === undefined) resolve();
        else reject(error);
      };
      const silence = setTimeout(() => finish(silent(topic, partition, silenceMs)), silenceMs);
      this.#readings.set(partition, { onMessage, finish, silence });
      consumer.seek({ topic, partition, offset: '0' });
      consumer.resume([{ topic, partitions: [partition] }]);
    });
  }

  #pauseIdle(assigned: readonly number[]): void {
    const partitions = assigned.filter((partition) => !this.#readings.has(partition));
    this.#consumer?.pause([{ topic: this.#options.topic, partitions }]);
  }

  async #onBatch({ batch, resolveOffset, isStale }: EachBatchPayload): Promise<void> {
    const reading = this.#readings.get(batch.partition);
    // A batch of an earlier reading of the partition.
    if (reading === undefined || isStale()) return;
    reading.silence.refresh();
    for (const message of batch.messages) {
      resolveOffset(message.offset);
      if (!reading.onMessage(message)) continue;
      reading.finish();
      return;
    }
  }
}

function silent(topic: string, partition: number, silenceMs: number): StreamError {
  return new StreamError(
    'KAFKA_UNAVAILABLE',
    `${topic}/${partition} did not come back to its barrier: nothing was read for ${silenceMs} ms`,
    { retriable: true },
  );
}
