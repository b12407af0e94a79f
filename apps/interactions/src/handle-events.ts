import type { BatchHandler, Outcome } from '@shopstream/streams';
import type { EventRows, InteractionStore } from './domain/interaction-store.ts';
import { MAX_ID_BYTES, overlongId, toRows } from './domain/to-rows.ts';
import type { InteractionEvent } from './domain/to-rows.ts';

type EventTopic = 'ecom.events-enriched.v1' | 'ecom.signals.v1';

/** Stores the records of a batch; the outcomes are answered, and the offsets committed, when every row is written. */
export function createEventHandler(
  store: InteractionStore,
  observe: { batchSeconds(seconds: number): void },
): BatchHandler<EventTopic> {
  return async (records) => {
    const started = performance.now();
    const decisions = records.map(({ value }) => decide(value));
    await store.write(decisions.flatMap(({ rows }) => rows ?? []));
    observe.batchSeconds((performance.now() - started) / 1_000);
    return decisions.map(({ outcome }) => outcome);
  };
}

function decide(event: InteractionEvent): { outcome: Outcome; rows?: EventRows } {
  const field = overlongId(event);
  if (field) {
    const message = `${field} has more than ${MAX_ID_BYTES} bytes`;
    return { outcome: { kind: 'deadLetter', reason: 'id_too_long', message, field } };
  }
  const rows = toRows(event);
  if (!rows.interaction && !rows.itemInteraction) {
    return { outcome: { kind: 'skip', reason: 'neither user nor item' } };
  }
  return { outcome: { kind: 'done' }, rows };
}
