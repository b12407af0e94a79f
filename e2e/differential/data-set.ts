import type { Clickstream, Product } from '@shopstream/contracts';

/** What goes into the topics, in this order, before any engine starts. */
export interface DataSet {
  products: readonly Product[];
  events: readonly Clickstream[];
  /** No window that begins here or later is compared: only one of the engines closes it. */
  closedAtMs: number;
}

const HOUR_MS = 3_600_000;

/**
 * Events of enough sessions to reach every partition, hours after all others: they close the windows of all before them in the stages,
 * which do not take the end of a topic for the end of time.
 * @param lastMs event time of the last event
 */
export function withClosingEvents(data: Omit<DataSet, 'closedAtMs'>, lastMs: number): DataSet {
  const [first] = data.events;
  if (first === undefined) throw new Error('no events');
  const closedAtMs = Math.ceil(lastMs / HOUR_MS) * HOUR_MS;
  const closing = Array.from({ length: 200 }, (_, index) => ({
    ...first,
    event_id: `closing-${index}`,
    session_id: `closing-${index}`,
    event_type: 'page_view',
    product_id: null,
    timestamp: closedAtMs + HOUR_MS,
  }));
  return { ...data, events: [...data.events, ...closing], closedAtMs };
}
