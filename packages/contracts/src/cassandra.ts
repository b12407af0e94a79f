// Interactions in Cassandra. The service `interactions` is the only writer and owns the migration.
//
// Newest rows of a user: read `user_buckets` (months, newest first) with a limit, then `interactions` of those months, newest
// first, until there are enough: two queries for anyone whose newest month holds enough rows, however long ago it was. Items:
// the same with `item_buckets` (days) and `item_interactions`.

/**
 * Tables and their primary keys:
 * - `interactions ((namespace, user_id, month), event_time DESC, item_id, event_id)`, + action_type, context, session_id.
 *   `item_id` is '' for events without a product.
 * - `item_interactions ((namespace, item_id, day), event_time DESC, event_id)`, + user_id (null for anonymous events), action_type.
 * - `user_buckets ((namespace, user_id), month DESC)`: the months in which the user has rows.
 * - `item_buckets ((namespace, item_id), day DESC)`: the days on which the item has rows.
 */
export const cassandraTables = {
  interactions: 'interactions',
  itemInteractions: 'item_interactions',
  userBuckets: 'user_buckets',
  itemBuckets: 'item_buckets',
} as const;

/** Row of `interactions`, as the driver gives and takes it. */
export interface InteractionRow {
  namespace: string;
  user_id: string;
  /** `monthOf(event_time)`. */
  month: number;
  event_time: Date;
  item_id: string;
  event_id: string;
  action_type: string;
  /** Keys of `INTERACTION_CONTEXT_KEYS`; null when there are none. */
  context: Record<string, string> | null;
  session_id: string;
}

/** Row of `item_interactions`. */
export interface ItemInteractionRow {
  namespace: string;
  item_id: string;
  /** `dayOf(event_time)`. */
  day: number;
  event_time: Date;
  event_id: string;
  user_id: string | null;
  action_type: string;
}

/** What `context` may hold. `consent` is there only when it was denied. */
export const INTERACTION_CONTEXT_KEYS = [
  'surface',
  'widget',
  'recommended',
  'request_id',
  'rank',
  'referrer',
  'experiment',
  'ab_bucket',
  'page_url',
  'search_query',
  'order_id',
  'quantity',
  'unit_price',
  'currency',
  'dwell_ms',
  'device_type',
  'country',
  'consent',
] as const;

/** Bucket of a user's rows: the UTC month as yyyymm. */
export function monthOf(timeMs: number): number {
  const date = new Date(timeMs);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

/** Bucket of an item's rows: the UTC day as yyyymmdd. */
export const dayOf = (timeMs: number): number => monthOf(timeMs) * 100 + new Date(timeMs).getUTCDate();
