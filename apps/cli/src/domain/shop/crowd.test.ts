import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { eventSchema } from '@shopstream/contracts';
import { parse } from 'csv-parse/sync';
import { crowd, type CrowdEvent, MEAN_GAP_MS } from './crowd.ts';
import { createShop, toShopProduct } from './products.ts';

const file = readFileSync(new URL('../../../demo/catalogue.csv', import.meta.url), 'utf8');
const rows: Record<string, string>[] = parse(file, { columns: true });
const shop = createShop(rows.map(toShopProduct).filter((product) => product !== undefined));

function take(count: number, options: Partial<Parameters<typeof crowd>[0]> = {}): CrowdEvent[] {
  const events: CrowdEvent[] = [];
  for (const event of crowd({ seed: 7, shop, shoppers: 60, visitors: 20, run: 'run', ...options })) {
    if (events.push(event) === count) break;
  }
  return events;
}

const events = take(20_000);
const bySession = new Map<string, CrowdEvent[]>();
for (const entry of events) {
  const session = String(entry.event['session_id']);
  bySession.set(session, [...(bySession.get(session) ?? []), entry]);
}
const countOf = (type: string) => events.filter(({ event }) => event['event_type'] === type).length;

describe('the demo catalogue', () => {
  it('has 168 whole products in 12 categories, each id and name once', () => {
    expect(shop.products).toHaveLength(168);
    expect(rows).toHaveLength(168);
    expect(shop.categories).toHaveLength(12);
    for (const key of ['id', 'name'] as const)
      expect(new Set(shop.products.map((p) => p[key])).size).toBe(168);
  });
});

describe('simulated shoppers', () => {
  it('do the same for the same seed, and something else for another', () => {
    expect(take(500)).toEqual(events.slice(0, 500));
    expect(take(500, { seed: 8 })).not.toEqual(events.slice(0, 500));
  });

  it('come one after the other on the clock, every event id once', () => {
    expect(events.every(({ atMs }, index) => atMs >= (events[index - 1]?.atMs ?? 0))).toBe(true);
    expect(new Set(events.map(({ event }) => event['event_id'])).size).toBe(events.length);
  });

  it('send only what the event schema takes', () => {
    for (const { event } of events.slice(0, 2_000)) {
      const { success, error } = eventSchema.safeParse(event);
      expect(success ? [] : error.issues).toEqual([]);
    }
  });

  it('browse like people: far more looks than carts, more carts than purchases', () => {
    expect(countOf('page_view')).toBeGreaterThan(3 * countOf('add_to_cart'));
    expect(countOf('add_to_cart')).toBeGreaterThan(countOf('purchase'));
    for (const type of ['purchase', 'search', 'remove_from_cart', 'like'])
      expect(countOf(type)).toBeGreaterThan(20);
  });

  it('buy only what they have put in the cart and not taken out again', () => {
    for (const visit of bySession.values()) {
      const cart = new Set<unknown>();
      for (const { event } of visit) {
        if (event['event_type'] === 'add_to_cart') cart.add(event['product_id']);
        if (event['event_type'] === 'remove_from_cart') cart.delete(event['product_id']);
        if (event['event_type'] !== 'purchase') continue;
        const bought = (event['items'] as { product_id: string }[]).map((line) => line.product_id);
        expect(new Set(bought)).toEqual(cart);
      }
    }
  });

  it('come back, and guests with an account sign in within a visit', () => {
    const visitsOf = new Map<unknown, number>();
    for (const [first] of bySession.values()) {
      const visitor = first?.event['anonymous_id'];
      visitsOf.set(visitor, (visitsOf.get(visitor) ?? 0) + 1);
    }
    expect(Math.max(...visitsOf.values())).toBeGreaterThan(3);
    const signedInLater = [...bySession.values()].filter(
      (visit) => !visit[0]?.event['user_id'] && visit.at(-1)?.event['user_id'],
    );
    expect(signedInLater.length).toBeGreaterThan(5);
  });

  it('stay within their tastes, so that products seen together belong together', () => {
    const categoryOf = new Map(shop.products.map(({ id, category }) => [id, category]));
    let same = 0;
    let pairs = 0;
    for (const visit of bySession.values()) {
      const looks = visit
        .filter(({ event }) => event['surface'] === 'pdp')
        .map(({ event }) => event['product_id']);
      looks.slice(1).forEach((id, index) => {
        pairs += 1;
        if (categoryOf.get(String(id)) === categoryOf.get(String(looks[index]))) same += 1;
      });
    }
    expect(same / pairs).toBeGreaterThan(0.6);
  });

  it('make about one event per visitor and mean gap', () => {
    const lastMs = events.at(-1)?.atMs ?? 0;
    const gapMs = (lastMs * 20) / events.length;
    expect(gapMs / MEAN_GAP_MS).toBeGreaterThan(0.9);
    expect(gapMs / MEAN_GAP_MS).toBeLessThan(1.1);
  });
});
