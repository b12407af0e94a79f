import { describe, expect, it } from '@jest/globals';
import type { EnrichedEvent, UserSession } from '@shopstream/contracts';
import { enrichedEvent, noonMs } from '@shopstream/testkit';
import fc from 'fast-check';
import { add, createSessionAggregate, init } from './session-aggregate.ts';

const { groupBy, toRow } = createSessionAggregate(30_000);
const window = { start: noonMs, end: noonMs + 1_800_000 };
const rowOf = (events: readonly Partial<EnrichedEvent>[]): UserSession => {
  const state = events.map((columns) => enrichedEvent(columns)).reduce(add, init());
  return toRow(['default', 's', 'u', 'desktop', 'DE'], window, { state, isFinal: true, revision: 7 });
};

describe('a session row', () => {
  it('counts as the SQL does', () => {
    const row = rowOf([
      { event_type: 'page_view', page_url: '/a' },
      { event_type: 'page_view', page_url: '/a' },
      { event_type: 'click', page_url: '/b' },
      { event_type: 'add_to_cart', page_url: null },
      { event_type: 'remove_from_cart' },
      { event_type: 'purchase' },
      { event_type: 'search', product_category: null },
    ]);
    expect(row).toMatchObject({
      session_id: 's',
      user_identifier: 'u',
      session_start: window.start,
      session_end: window.end,
      event_count: 7,
      pages_viewed: 3,
      page_views: 2,
      clicks: 1,
      add_to_carts: 1,
      purchases: 1,
      searches: 1,
      categories_browsed: ['shoes'],
      is_final: true,
      revision: 7,
    });
  });

  it.each([
    [['0.01'], '0.01', '0.010000'],
    [['1.00', '2.00', '2.00'], '2.00', '1.666667'],
    [['1.00', '1.00', '2.00'], '2.00', '1.333333'],
    [['0.00'], '0.00', '0.000000'],
    [['9999999999.99', '9999999999.99'], '9999999999.99', '9999999999.990000'],
    [Array.from({ length: 64 }, (_, i) => (i === 0 ? '0.01' : '0.00')), '0.01', '0.000156'],
    [Array.from({ length: 20_000 }, (_, i) => (i === 0 ? '0.01' : '0.00')), '0.01', '0.000001'],
    [Array.from({ length: 20_001 }, (_, i) => (i === 0 ? '0.01' : '0.00')), '0.01', '0.000000'],
  ])('prices %#: maximum and average half up to six digits, exact', (prices, max, average) => {
    const row = rowOf(prices.map((product_price) => ({ product_price })));
    expect(row).toMatchObject({ max_product_price: max, avg_product_price: average });
  });

  it('leaves nulls out of maximum, average and distinct counts', () => {
    expect(rowOf([{ product_price: null, page_url: null, product_category: null }])).toMatchObject({
      max_product_price: null,
      avg_product_price: null,
      pages_viewed: 0,
      categories_browsed: [],
    });
    expect(rowOf([{ product_price: null }, { product_price: '3.00' }]).avg_product_price).toBe('3.000000');
  });

  it('takes names of prototypes as categories, pages and types like any other', () => {
    const odd = ['__proto__', 'constructor', 'toString'];
    const row = rowOf(odd.map((name) => ({ product_category: name, page_url: name, event_type: name })));
    expect(row).toMatchObject({
      categories_browsed: [...odd].sort(),
      pages_viewed: 3,
      event_count: 3,
      page_views: 0,
    });
  });

  it('does not depend on the order of events', () => {
    const event = fc.record({
      event_type: fc.constantFrom('page_view', 'click', 'purchase'),
      page_url: fc.constantFrom('/a', '/b', null),
      product_category: fc.constantFrom('x', 'y', null),
      product_price: fc.option(fc.integer({ min: 0, max: 10 ** 9 }).map((cents) => (cents / 100).toFixed(2))),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 20 }), (events) => {
        expect(rowOf([...events].reverse())).toEqual(rowOf(events));
      }),
    );
  });

  it('belongs to a session, its user, device and country: a login makes another one', () => {
    const guest = enrichedEvent({ user_identifier: null, session_id: 's' });
    expect(groupBy(guest)).toEqual(['default', 's', null, 'desktop', 'DE']);
    expect(groupBy({ ...guest, user_identifier: 'u' })).not.toEqual(groupBy(guest));
  });
});
