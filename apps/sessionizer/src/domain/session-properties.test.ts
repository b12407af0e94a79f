// The model against a recount by hand.
import { describe, expect, it } from '@jest/globals';
import type { EnrichedEvent, UserSession } from '@shopstream/contracts';
import { enrichedEvent, noonMs } from '@shopstream/testkit';
import fc from 'fast-check';
import { add, createSessionAggregate, init, type SessionState } from './session-aggregate.ts';

const { groupBy, toRow } = createSessionAggregate(30_000);
const window = { start: noonMs, end: noonMs + 1_800_000 };
const rowOf = (state: SessionState): UserSession =>
  toRow(['default', 's', 'u', 'desktop', 'DE'], window, { state, isFinal: true, revision: 1 });

const copyOf = (state: SessionState): SessionState => ({
  ...state,
  pages: new Set(state.pages),
  categories: new Set(state.categories),
});

const price = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((cents) => {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
});
const columns = fc.record({
  event_type: fc.constantFrom(
    'page_view',
    'click',
    'add_to_cart',
    'remove_from_cart',
    'purchase',
    'search',
    'x',
  ),
  page_url: fc.constantFrom('/a', '/b', '__proto__', '', null),
  product_category: fc.constantFrom('shoes', 'coats', 'toString', null),
  product_price: fc.option(price),
});
const log = fc
  .array(columns, { minLength: 1, maxLength: 40 })
  .map((all) => all.map((one) => enrichedEvent(one)));

/** Half up to six digits, over the exact decimal. */
function averageOf(prices: readonly string[]): string | null {
  if (prices.length === 0) return null;
  const cents = prices.map((text) => BigInt(text.replace('.', ''))).reduce((a, b) => a + b);
  const [count, scaled] = [BigInt(prices.length), cents * 10_000n];
  const rounded = scaled / count + ((scaled % count) * 2n >= count ? 1n : 0n);
  const digits = String(rounded).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

const distinct = (values: readonly (string | null)[]): string[] => [
  ...new Set(values.flatMap((value) => (value === null ? [] : [value]))),
];

/** The columns of the model as its SQL says them, one by one, over the events. */
function recount(events: readonly EnrichedEvent[]) {
  const countOf = (type: string) => events.filter((event) => event.event_type === type).length;
  const prices = events.flatMap((event) => event.product_price ?? []);
  const dearest = [...prices].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(-1);
  return {
    event_count: events.length,
    pages_viewed: distinct(events.map((event) => event.page_url)).length,
    page_views: countOf('page_view'),
    clicks: countOf('click'),
    add_to_carts: countOf('add_to_cart'),
    purchases: countOf('purchase'),
    searches: countOf('search'),
    categories_browsed: distinct(events.map((event) => event.product_category)).sort(),
    max_product_price: dearest ?? null,
    avg_product_price: averageOf(prices),
  };
}

describe('a session', () => {
  it('is what a recount of its events gives, in whichever order they came', () => {
    const shuffled = log.chain((events) =>
      fc.shuffledSubarray(events, { minLength: events.length }).map((order) => ({ events, order })),
    );
    fc.assert(
      fc.property(shuffled, ({ events, order }) => {
        expect(rowOf(order.reduce(add, init()))).toMatchObject(recount(events));
      }),
    );
  });

  it('is the same wherever its events are cut, with the state copied at each cut', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(40)), (events, cuts) => {
        let state = init();
        events.forEach((event, index) => {
          if (cuts.includes(index)) state = copyOf(state);
          state = add(state, event);
        });
        expect(rowOf(state)).toMatchObject(recount(events));
      }),
    );
  });

  it('has no part in what another session, user, device, country or tenant does', () => {
    const value = fc.constantFrom('a', 'b', 'a,b', '', 'null');
    const group = fc.record({
      namespace: fc.constantFrom('x', 'y'),
      session_id: value,
      user_identifier: fc.option(value),
      device_type: fc.option(value),
      country: fc.option(value),
    });
    fc.assert(
      fc.property(group, group, (a, b) => {
        const isSame = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
        const [first, second] = [a, b].map((one) => JSON.stringify(groupBy(enrichedEvent(one))));
        expect(first === second).toBe(isSame);
      }),
    );
  });
});
