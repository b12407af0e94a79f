// Group offsets are for people and tools that watch lag; what a stage resumes at is the position in its state.
import type { Consumer } from 'kafkajs';
import type { Logger } from '@shopstream/platform';

const COMMIT_INTERVAL_MS = 500;

export interface OffsetCommitter {
  /** Everything up to and with this offset is done. */
  done(topic: string, partition: number, lastOffset: bigint): void;
  /** Commits what is left and ends. */
  stop(): Promise<void>;
}

/** Commits offsets of a running consumer twice a second, batches of nothing but transaction markers included. */
export function createOffsetCommitter(consumer: Consumer, logger: Logger): OffsetCommitter {
  const pending = new Map<string, { topic: string; partition: number; offset: string }>();

  function done(topic: string, partition: number, lastOffset: bigint): void {
    pending.set(`${topic}/${partition}`, { topic, partition, offset: String(lastOffset + 1n) });
  }

  async function commit(): Promise<void> {
    if (pending.size === 0) return;
    const offsets = [...pending.values()];
    pending.clear();
    // What could not be committed is committed with the next progress; nothing is processed twice because of it.
    await consumer.commitOffsets(offsets).catch((error: unknown) => {
      logger.warn({ err: error }, 'offsets not committed');
    });
  }

  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    if (payload.batchSize === 0) done(payload.topic, payload.partition, BigInt(payload.lastOffset));
  });
  const timer = setInterval(() => void commit(), COMMIT_INTERVAL_MS);

  return {
    done,
    async stop() {
      clearInterval(timer);
      await commit();
    },
  };
}
