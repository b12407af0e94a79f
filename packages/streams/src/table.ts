import { randomUUID } from 'node:crypto';
import type { TopicName } from '@shopstream/contracts';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Codec } from './codec.ts';
import { decodeBatch } from './decode-batch.ts';
import { type Names, runConsumer } from './kafka.ts';
import type { EndOffsets } from './log-place.ts';
import type { Runnable, StreamRecord } from './types.ts';

export interface TableOptions<T extends TopicName> {
  topic: T;
  /** Called once for every record, in the order of its partition. Pure in-memory work; must not throw. */
  apply: (record: StreamRecord<T>) => void;
}

export interface TableDeps {
  codec: Codec;
  names: Names;
  createConsumer: (groupId: string) => Consumer;
  endOffsets: (topic: TopicName) => Promise<EndOffsets>;
  crash: (error: Error) => void;
}

/**
 * A topic read whole into memory and followed from then on, by every instance for itself. `start` resolves when everything that
 * was in the topic at its call has been applied. Records that cannot be decoded are left out; their writer's dead letters tell.
 */
export function createStreamTable<T extends TopicName>(
  { topic, apply }: TableOptions<T>,
  deps: TableDeps,
): Runnable {
  const { codec, names } = deps;
  const name = `table of ${topic}`;
  const rows = codec.reader(topic);
  let consumer: Consumer | null = null;
  let isReadUp = false;
  /** Where each partition goes on: a consumer that joins anew reads it from the beginning, and nothing is applied twice. */
  const applied = new Map<number, bigint>();

  async function readUp(reader: Consumer, missing: Map<number, bigint>): Promise<void> {
    const onBatch = async ({ batch, resolveOffset }: EachBatchPayload): Promise<void> => {
      const from = applied.get(batch.partition) ?? 0n;
      const { records } = await decodeBatch(rows, { batch, stage: name, from });
      for (const record of records) apply(record);
      applied.set(batch.partition, BigInt(batch.lastOffset()) + 1n);
      resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset());
    };
    const isUp = new Promise<void>((resolve) => {
      const reached = (partition: number, offset: bigint): void => {
        const end = missing.get(partition);
        if (end !== undefined && offset + 1n >= end) missing.delete(partition);
        if (missing.size === 0) resolve();
      };
      reader.on(reader.events.END_BATCH_PROCESS, ({ payload }) => {
        reached(payload.partition, BigInt(payload.lastOffset));
      });
      if (missing.size === 0) resolve();
    });
    await runConsumer(reader, onBatch, { autoCommit: false, concurrency: 1 });
    await isUp;
  }

  return {
    name,
    async start() {
      const ends = await deps.endOffsets(topic);
      const reader = deps.createConsumer(`${names.id(topic)}-table-${randomUUID()}`);
      consumer = reader;
      reader.on(reader.events.CRASH, ({ payload }) => {
        if (!payload.restart) deps.crash(payload.error);
      });
      await reader.connect();
      await reader.subscribe({ topics: [names.topic(topic)], fromBeginning: true });
      await readUp(
        reader,
        new Map([...ends].filter(([, { low, high }]) => high > low).map(([p, { high }]) => [p, high])),
      );
      isReadUp = true;
    },
    async stop() {
      await consumer?.disconnect();
      consumer = null;
    },
    ready: () => (isReadUp ? 'ok' : 'not read up yet'),
    live: () => true,
  };
}
