import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { type Drained, drainedAt } from '../platform/drain.ts';
import type { Platform } from '../platform/platform.ts';
import { SHOP, type ShopEvent, shopEvents, shopItems } from './synthetic-shop.ts';

const BATCH = 500;
const IN_FLIGHT = 4;
const MAX_ATTEMPTS = 100;
const OVERLOADED_PAUSE_MS = 500;

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
      platform.assertHealthy();
      const from = next;
      next += BATCH;
      await post(url, { events: events.slice(from, from + BATCH) });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/** Sends it again, as it was, while the platform is overloaded. @throws Error for any other answer that is no success */
export async function post(url: string, body: object): Promise<void> {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  for (let attempt = 1; ; attempt += 1) {
    const response = await request(url, { method: 'POST', headers, body: text });
    const answer = await response.body.text();
    if (response.statusCode >= 200 && response.statusCode <= 202) return;
    if (response.statusCode !== 503 || attempt === MAX_ATTEMPTS)
      throw new Error(`${url} answered ${response.statusCode}: ${answer.slice(0, 500)}`);
    await delay(OVERLOADED_PAUSE_MS);
  }
}
