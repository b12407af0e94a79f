import { dayOf, INTERACTION_CONTEXT_KEYS, monthOf } from '@shopstream/contracts';
import type { CleanEvent, EnrichedEvent, InteractionRow } from '@shopstream/contracts';
import type { EventRows } from './interaction-store.ts';

export type InteractionEvent = EnrichedEvent | CleanEvent;

/** Longer ids come from producers that write to Kafka directly; Cassandra refuses key columns over 64 KiB. */
export const MAX_ID_BYTES = 4_096;

const idColumns = ['event_id', 'session_id', 'user_identifier', 'product_id'] as const;

/** The id column that is too long to be stored, if there is one. */
export const overlongId = (event: InteractionEvent): (typeof idColumns)[number] | undefined =>
  idColumns.find((column) => Buffer.byteLength(event[column] ?? '') > MAX_ID_BYTES);

/** The rows that keep an event; both are missing when it names neither a user nor an item. */
export function toRows(event: InteractionEvent): EventRows {
  const rows: EventRows = {};
  const eventTime = new Date(event.timestamp);
  if (event.user_identifier) {
    rows.interaction = {
      namespace: event.namespace,
      user_id: event.user_identifier,
      month: monthOf(event.timestamp),
      event_time: eventTime,
      item_id: event.product_id ?? '',
      event_id: event.event_id,
      action_type: event.event_type,
      context: toContext(event),
      session_id: event.session_id,
    };
  }
  if (event.product_id) {
    rows.itemInteraction = {
      namespace: event.namespace,
      item_id: event.product_id,
      day: dayOf(event.timestamp),
      event_time: eventTime,
      event_id: event.event_id,
      user_id: event.user_identifier,
      action_type: event.event_type,
    };
  }
  return rows;
}

function toContext(event: InteractionEvent): InteractionRow['context'] {
  const context: Record<string, string> = {};
  for (const key of INTERACTION_CONTEXT_KEYS) {
    if (key === 'consent') continue;
    const value = event[key];
    if (value !== null) context[key] = String(value);
  }
  if (event.consent === 'denied') context['consent'] = 'denied';
  return Object.keys(context).length > 0 ? context : null;
}
