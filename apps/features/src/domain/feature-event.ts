import { DEFAULT_EVENT_WEIGHTS, isEventType } from '@shopstream/contracts';
import type { CleanEvent, EnrichedEvent, EventType } from '@shopstream/contracts';
import type { StreamRecord } from '@shopstream/streams';

export type EventTopic = 'ecom.events-enriched.v1' | 'ecom.signals.v1';

/** What features need of an event. */
export interface FeatureEvent {
  offset: bigint;
  namespace: string;
  sessionId: string;
  userId: string | null;
  eventType: EventType;
  productId: string | null;
  category: string | null;
  timeMs: number;
  dwellMs: number | null;
}

export type Decision = { kind: 'use'; event: FeatureEvent } | { kind: 'skip'; reason: string };

/**
 * Decides whether an event may become a feature. Impressions do not: they are what the shop did, not what the shopper did, and would
 * make whatever is shown trend.
 */
export function toFeatureEvent(record: StreamRecord<EventTopic>): Decision {
  const row: EnrichedEvent | CleanEvent = record.value;
  if (row.consent === 'denied') return { kind: 'skip', reason: 'consent denied' };
  if (!isEventType(row.event_type)) return { kind: 'skip', reason: 'unknown event type' };
  if (row.event_type === 'impression') return { kind: 'skip', reason: 'impression' };
  if (!row.user_identifier && !row.product_id) return { kind: 'skip', reason: 'neither user nor item' };
  return {
    kind: 'use',
    event: {
      offset: record.offset,
      namespace: row.namespace,
      sessionId: row.session_id,
      userId: row.user_identifier,
      eventType: row.event_type,
      productId: row.product_id || null,
      category: 'product_category' in row ? row.product_category : null,
      timeMs: row.timestamp,
      dwellMs: row.dwell_ms,
    },
  };
}

/** How much an event says for its item; 0 for events that say nothing or speak against it. */
export const engagementWeight = (eventType: EventType): number =>
  eventType === 'impression' ? 0 : Math.max(0, DEFAULT_EVENT_WEIGHTS[eventType]);

/** An event about an item. */
export type ItemEvent = FeatureEvent & { productId: string };

export const isItemEvent = (event: FeatureEvent): event is ItemEvent => event.productId !== null;
