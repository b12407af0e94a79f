import { request } from 'undici';
import { type Drained, drainedAt } from '../platform/drain.ts';
import type { Platform } from '../platform/platform.ts';
import { SHOP, type ShopEvent, shopEvents, shopItems } from './synthetic-shop.ts';

const BATCH = 500;
const IN_FLIGHT = 4;

/** The whole platform, running, with the synthetic shop's history in every store. */
export interface Shop {
  platform: Platform;
  /** How long intake and the way to the stores took. */
  loaded: Drained;
}

export async function loadShop(platform: Platform, say: (message: string) => void): Promise<Shop> {
  await platform.startAll();
  const items = shopItems();
  say(`loading ${SHOP.items} items and ${SHOP.events} events`);
  for (let from = 0; from < items.length; from += 1_000) {
    await post(`${platform.url('catalog')}/v1/items:batch`, { items: items.slice(from, from + 1_000) });
  }
  const events = shopEvents(SHOP.events, { seed: 1, untilMs: Date.now() });
  const loaded = await drainedAt(platform, () => sendEvents(platform, events));
  return { platform, loaded };
}

/** Batches through the gateway; a session's events may overtake each other by a few requests. */
export async function sendEvents(platform: Platform, events: readonly ShopEvent[]): Promise<void> {
  const url = `${platform.url('serving')}/v1/events:batch`;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < events.length) {
      const from = next;
      next += BATCH;
      await post(url, { events: events.slice(from, from + BATCH) });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

export async function post(url: string, body: object): Promise<void> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode < 200 || response.statusCode > 202)
    throw new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 500)}`);
}
