// kafkajs reads partitions only as a member of a group, so one member of a group of its own serves all restores of a stage:
// every partition is paused but those being read.
import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { runConsumer } from '../kafka.ts';

export interface ChangelogReader {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Reads a partition from its beginning, read committed, until `onMessage` answers true. */
  read(partition: number, onMessage: (message: KafkaMessage) => boolean): Promise<void>;
}

interface Reading {
  onMessage: (message: KafkaMessage) => boolean;
  done: () => void;
}

export function createChangelogReader(deps: {
  topic: string;
  createConsumer: (groupId: string) => Consumer;
  groupPrefix: string;
}): ChangelogReader {
  const { topic } = deps;
  const readings = new Map<number, Reading>();
  let consumer: Consumer | null = null;

  // eslint-disable-next-line @typescript-eslint/require-await -- kafkajs asks for a promise
  async function onBatch({ batch, resolveOffset }: EachBatchPayload): Promise<void> {
    for (const message of batch.messages) {
      const reading = readings.get(batch.partition);
      if (reading === undefined) return;
      resolveOffset(message.offset);
      if (!reading.onMessage(message)) continue;
      readings.delete(batch.partition);
      consumer?.pause([{ topic, partitions: [batch.partition] }]);
      reading.done();
      return;
    }
  }

  return {
    async start() {
      consumer = deps.createConsumer(`${deps.groupPrefix}-restore-${randomUUID()}`);
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      const { GROUP_JOIN } = consumer.events;
      await new Promise<void>((resolve, reject) => {
        consumer?.on(GROUP_JOIN, ({ payload }) => {
          const idle = (payload.memberAssignment[topic] ?? []).filter(
            (partition) => !readings.has(partition),
          );
          consumer?.pause([{ topic, partitions: idle }]);
          resolve();
        });
        if (consumer !== null)
          runConsumer(consumer, onBatch, { autoCommit: false, concurrency: 1 }).catch(reject);
      });
    },
    async stop() {
      await consumer?.disconnect();
      consumer = null;
    },
    async read(partition, onMessage) {
      const reader = consumer;
      if (reader === null) throw new Error('the changelog reader is not started');
      await new Promise<void>((done) => {
        readings.set(partition, { onMessage, done });
        reader.seek({ topic, partition, offset: '0' });
        reader.resume([{ topic, partitions: [partition] }]);
      });
    },
  };
}
