import type { RecordStage, Streams } from '@shopstream/streams';
import type { PassedEvent, PassedEvents } from '../domain/claims.ts';

const TOPICS = ['ecom.events-clean.v1', 'ecom.signals.v1'] as const;
const BATCH_EVENTS = 2_000;

/** What has passed is what the cleaning stage has committed to its topics. */
export function createPassedEvents(
  streams: Pick<Streams, 'admin' | 'fenceStage' | 'readLog'>,
  stage: Pick<RecordStage<'ecom.clickstream.v1'>, 'name' | 'input' | 'changelog'>,
): PassedEvents {
  return {
    async hasAny() {
      const ends = await Promise.all(TOPICS.map((topic) => streams.admin.endOffsets(topic)));
      return ends.some((partitions) => [...partitions.values()].some(({ high }) => high > 0n));
    },
    fence: () => streams.fenceStage(stage),
    async read(sinceMs, onBatch, signal) {
      let batch: PassedEvent[] = [];
      for (const topic of TOPICS) {
        const reading = { topic, from: { timeMs: sinceMs }, until: 'now', signal } as const;
        await streams.readLog(reading, async ({ value, timestamp: passedMs }) => {
          // Our own rows: one that cannot be read is a bug, and its event could come twice.
          if (value instanceof Error) throw value;
          if (value === null) return;
          batch.push({ namespace: value.namespace, eventId: value.event_id, passedMs });
          if (batch.length < BATCH_EVENTS) return;
          await onBatch(batch);
          batch = [];
        });
        signal.throwIfAborted();
      }
      if (batch.length > 0) await onBatch(batch);
    },
  };
}
