import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecommendationsResponse, SimilarItemsResponse } from '@shopstream/contracts';
import { request } from 'undici';
import { post } from '../shop/load-shop.ts';
import { SHOP, itemId } from '../shop/synthetic-shop.ts';

const POLL_MS = 20;
const GIVE_UP_MS = 60_000;

/** Items that others were looked at together with, so that a look at them has consequences. */
export async function findItemsWithNeighbours(url: string, count: number): Promise<string[]> {
  const found: string[] = [];
  for (let index = 0; index < SHOP.items && found.length < count; index += 1) {
    const id = itemId(index * 23);
    const { similar_items: similar } = await getJson<SimilarItemsResponse>(`${url}/v1/items/${id}/similar`);
    if (similar.length >= 5) found.push(id);
  }
  return found;
}

/**
 * Milliseconds from the 202 for an event to the first answer with a recommendation that names its item as the reason: no other
 * event can bring that about. The shopper must not have met the item before. Infinity when a minute was not enough.
 */
export async function timeToChange(
  url: string,
  { user, item, eventType }: { user: string; item: string; eventType: 'view' | 'purchase' },
): Promise<number> {
  await post(`${url}/v1/events`, {
    event_id: randomUUID(),
    event_type: eventType,
    ...(eventType === 'purchase' && { quantity: 1, unit_price: '9.90', currency: 'EUR' }),
    user_id: user,
    session_id: `visit-${user}`,
    product_id: item,
  });
  const acceptedMs = performance.now();
  while (performance.now() - acceptedMs < GIVE_UP_MS) {
    if (await isReason(url, user, item)) return performance.now() - acceptedMs;
    await delay(POLL_MS);
  }
  return Infinity;
}

/** The first of the items, from the `from`th on, that is no reason for anything that the shopper is recommended. */
export async function findUnmet(
  url: string,
  { user, items, from }: { user: string; items: readonly string[]; from: number },
): Promise<string> {
  for (let step = 0; step < items.length; step += 1) {
    const item = items[(from + step) % items.length] ?? '';
    if (!(await isReason(url, user, item))) return item;
  }
  throw new Error(`${user} has met all of the items`);
}

async function isReason(url: string, user: string, item: string): Promise<boolean> {
  const query = new URLSearchParams({ user_id: user, limit: '100' });
  const { recommendations } = await getJson<RecommendationsResponse>(
    `${url}/v1/recommendations?${query.toString()}`,
  );
  return recommendations.some(
    ({ explanation }) => explanation.type === 'collaborative' && explanation.similar_items.includes(item),
  );
}

async function getJson<T>(url: string): Promise<T> {
  const response = await request(url);
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
  return (await response.body.json()) as T;
}
