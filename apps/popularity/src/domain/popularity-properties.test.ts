// The model against a recount by hand, and the laws that let shares meet in any order.
import { describe, expect, it } from '@jest/globals';
import type { EnrichedEvent, ProductPopularity } from '@shopstream/contracts';
import { enrichedEvent, noonMs } from '@shopstream/testkit';
import fc from 'fast-check';
import { add, createPopularityAggregate, init, merge, type PopularityState } from './popularity-aggregate.ts';

const { toRow } = createPopularityAggregate(30_000);
const window = { start: noonMs, end: noonMs + 300_000 };

const rowOf = (state: PopularityState): ProductPopularity =>
  toRow(['default', 'p'], window, { state, isFinal: true, revision: 1 });
const shareOf = (events: readonly EnrichedEvent[]): PopularityState => events.reduce(add, init());
const copyOf = (state: PopularityState): PopularityState => ({ ...state, users: new Set(state.users) });

const columns = fc.record({
  event_type: fc.constantFrom('page_view', 'click', 'add_to_cart', 'remove_from_cart', 'purchase', 'search'),
  user_identifier: fc.constantFrom('a', 'b', 'c', '__proto__', '', null),
  timestamp: fc.integer({ min: window.start, max: window.start + 3 }),
  product_name: fc.constantFrom('old', 'new', null),
  product_category: fc.constantFrom('shoes', 'coats', null),
});
const log = fc
  .array(columns, { maxLength: 40 })
  .map((all) => all.map((one, index) => enrichedEvent({ ...one, event_id: `e${index}` })));
/** Shares of one log: no event is in two of them. */
const shares = fc.tuple(log, fc.nat(40), fc.nat(40)).map(([events, one, two]) => {
  const [first, second] = [Math.min(one, two), Math.max(one, two)];
  return [events.slice(0, first), events.slice(first, second), events.slice(second)].map(shareOf);
});

/** The columns of the model as its SQL says them, one by one, over the events. */
function recount(events: readonly EnrichedEvent[]) {
  const countOf = (type: string) => events.filter((event) => event.event_type === type).length;
  const named = events
    .filter((event) => event.product_name !== null)
    .sort((a, b) => a.timestamp - b.timestamp || (a.event_id < b.event_id ? -1 : 1));
  return {
    product_name: named.at(-1)?.product_name ?? null,
    product_category: named.at(-1)?.product_category ?? null,
    total_interactions: events.length,
    views: countOf('page_view'),
    add_to_carts: countOf('add_to_cart'),
    purchases: countOf('purchase'),
    unique_users: new Set(events.flatMap((event) => event.user_identifier ?? [])).size,
    popularity_score: countOf('page_view') + 5 * countOf('add_to_cart') + 10 * countOf('purchase'),
  };
}

describe('popularity', () => {
  it('is what a recount of the events gives, in whichever order they came', () => {
    const shuffled = log.chain((events) =>
      fc.shuffledSubarray(events, { minLength: events.length }).map((order) => ({ events, order })),
    );
    fc.assert(
      fc.property(shuffled, ({ events, order }) => {
        expect(rowOf(shareOf(order))).toMatchObject(recount(events));
      }),
    );
  });

  it('is the same wherever the log is cut into shares', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(40)), (events, cuts) => {
        const borders = [0, ...cuts.map((cut) => Math.min(cut, events.length)).sort((a, b) => a - b)];
        const shares = borders.map((from, index) => shareOf(events.slice(from, borders[index + 1])));
        expect(rowOf(shares.reduce(merge, init()))).toMatchObject(recount(events));
      }),
    );
  });

  it('adds shares in any order and grouping, and an empty one changes nothing', () => {
    fc.assert(
      fc.property(shares, ([a = init(), b = init(), c = init()]) => {
        const left = merge(merge(copyOf(a), copyOf(b)), copyOf(c));
        const right = merge(copyOf(a), merge(copyOf(b), copyOf(c)));
        expect(left).toEqual(right);
        expect(merge(copyOf(a), copyOf(b))).toEqual(merge(copyOf(b), copyOf(a)));
        expect(merge(copyOf(a), init())).toEqual(a);
        expect(merge(init(), copyOf(a))).toEqual(a);
      }),
    );
  });

  it('takes nothing away from a share that is added to another', () => {
    fc.assert(
      fc.property(shares, ([into = init(), from = init()]) => {
        const before = copyOf(from);
        merge(into, from);
        merge(into, copyOf(before));
        expect(from).toEqual(before);
      }),
    );
  });
});
