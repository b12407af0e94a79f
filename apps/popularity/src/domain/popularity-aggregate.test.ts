import { describe, expect, it } from '@jest/globals';
import type { EnrichedEvent, ProductPopularity } from '@shopstream/contracts';
import { enrichedEvent, noonMs } from '@shopstream/testkit';
import fc from 'fast-check';
import { type PopularityState, add, createPopularityAggregate, init, merge } from './popularity-aggregate.ts';

const { groupBy, toRow } = createPopularityAggregate(30_000);
const window = { start: noonMs, end: noonMs + 300_000 };
const stateOf = (events: readonly EnrichedEvent[]): PopularityState => events.reduce(add, init());
const rowOf = (state: PopularityState): ProductPopularity =>
  toRow(['default', 'p'], window, { state, isFinal: true, revision: 3 });
const of = (columns: readonly Partial<EnrichedEvent>[]): PopularityState =>
  stateOf(columns.map((one) => enrichedEvent(one)));

describe('popularity', () => {
  it('weighs views 1, additions to the cart 5 and purchases 10, and counts users once', () => {
    const row = rowOf(
      of([
        { event_type: 'page_view', user_identifier: 'a' },
        { event_type: 'click', user_identifier: 'a' },
        { event_type: 'add_to_cart', user_identifier: 'b' },
        { event_type: 'purchase', user_identifier: null },
        { event_type: 'purchase', user_identifier: '__proto__' },
      ]),
    );
    expect(row).toMatchObject({
      total_interactions: 5,
      views: 1,
      add_to_carts: 1,
      purchases: 2,
      unique_users: 3,
      popularity_score: 26,
      window_start: window.start,
      window_end: window.end,
    });
  });

  it('has the last name of a product that is renamed, and none where nobody knew one', () => {
    const renamed = of([
      { timestamp: noonMs + 2, product_name: 'new', product_category: null },
      { timestamp: noonMs + 1, product_name: 'old' },
      { timestamp: noonMs + 9, product_name: null },
    ]);
    expect(rowOf(renamed)).toMatchObject({ product_name: 'new', product_category: null });
    expect(rowOf(of([{ product_name: null }]))).toMatchObject({ product_name: null });
  });

  it('leaves events without a product out, and keeps tenants apart', () => {
    expect(groupBy(enrichedEvent({ product_id: null }))).toBeNull();
    expect(groupBy(enrichedEvent({ product_id: '__proto__', namespace: 'a' }))).toEqual(['a', '__proto__']);
  });

  it('is the same however events are shared out and in whichever order shares meet', () => {
    const event = fc.record({
      event_type: fc.constantFrom('page_view', 'add_to_cart', 'purchase'),
      user_identifier: fc.constantFrom('a', 'b', 'c', null),
      timestamp: fc.integer({ min: noonMs, max: noonMs + 5 }),
      product_name: fc.constantFrom('x', 'y', null),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.nat(3)), { maxLength: 30 }), (log) => {
        const events = log.map(([columns], i) => enrichedEvent({ ...columns, event_id: `e${i}` }));
        const shares = [0, 1, 2, 3].map((share) => stateOf(events.filter((_, i) => log[i]?.[1] === share)));
        const whole = rowOf(stateOf(events));
        expect(rowOf(shares.reduce(merge, init()))).toEqual(whole);
        expect(rowOf([...shares].reverse().reduce(merge, init()))).toEqual(whole);
      }),
    );
  });
});
