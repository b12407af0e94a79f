import type autocannon from 'autocannon';
import type { ShopEvent } from '../shop/synthetic-shop.ts';

const headers = { 'content-type': 'application/json' };
/** The load generator puts an id of its own here, another one in each request. */
const FRESH_ID = '[<id>]';

/** One event a request. Without its time: the collector assigns that of receipt. */
export const singleRequests = (events: readonly ShopEvent[]): autocannon.Request[] =>
  events.map((event) => ({
    method: 'POST',
    path: '/v1/events',
    headers,
    body: JSON.stringify({ ...event, timestamp: undefined, event_id: FRESH_ID }),
  }));

export function batchRequests(events: readonly ShopEvent[], size: number): autocannon.Request[] {
  const count = Math.floor(events.length / size);
  return Array.from({ length: count }, (_, batch) => ({
    method: 'POST',
    path: '/v1/events:batch',
    headers,
    body: JSON.stringify({
      events: events
        .slice(batch * size, (batch + 1) * size)
        .map((event, index) => ({ ...event, timestamp: undefined, event_id: `${FRESH_ID}-${index}` })),
    }),
  }));
}
