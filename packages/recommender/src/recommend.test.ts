import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_TYPES } from '@shopstream/contracts';
import { categoryAffinity } from './affinity.ts';
import { eligibilityOf } from './constraints.ts';
import { inCart, interestsOf, lastViewed } from './history.ts';
import { recommend } from './recommend.ts';
import type { RankingInput } from './recommend.ts';
import type { Activity, RankableItem, Scored, Surface } from './types.ts';

const now = Date.UTC(2026, 0, 20, 12);
const ids = Array.from({ length: 30 }, (_, index) => `i${index}`);
const categories = ['Shoes', 'Hats', 'Bags'];

const itemId = fc.constantFrom(...ids, 'unknown');
const activities: fc.Arbitrary<Activity[]> = fc.array(
  fc.record({
    itemId,
    eventType: fc.constantFrom(...EVENT_TYPES),
    at: fc.integer({ min: now - 10 * 86_400_000, max: now + 60_000 }),
  }),
  { maxLength: 20 },
);
const scored: fc.Arbitrary<Scored[]> = fc.array(
  fc.record({ itemId, score: fc.double({ min: 0.001, max: 50, noNaN: true }) }),
  { maxLength: 30 },
);
const strongestFirst = scored.map((list) => [...list].sort((a, b) => b.score - a.score));
const items: fc.Arbitrary<RankableItem[]> = fc
  .array(
    fc.record({
      category: fc.option(fc.constantFrom(...categories)),
      brand: fc.option(fc.constantFrom('Acme', 'Zeta')),
      available: fc.boolean(),
    }),
    { minLength: ids.length, maxLength: ids.length },
  )
  .map((facts) => facts.map((fact, index) => ({ itemId: `i${index}`, title: `Item ${index}`, ...fact })));

const inputs: fc.Arbitrary<RankingInput<RankableItem>> = fc
  .record({
    limit: fc.integer({ min: 1, max: 40 }),
    history: fc.record({ session: activities, user: activities }),
    surface: fc.constantFrom<Surface>('homepage', 'pdp', 'cart', 'orders', 'category', 'search'),
    category: fc.option(fc.constantFrom(...categories, 'shoes', 'Nothing'), { nil: undefined }),
    excluded: fc.array(itemId).map((list) => new Set(list)),
    neighbours: fc.dictionary(itemId, scored).map((lists) => new Map(Object.entries(lists))),
    trending: strongestFirst,
    popular: strongestFirst,
    items,
  })
  .map(({ surface, category, excluded, items: catalog, ...rest }) => {
    const itemOf = (id: string) => catalog.find((item) => item.itemId === id);
    const interests = interestsOf(rest.history, surface, now);
    return {
      ...rest,
      constraints: { surface, category, excluded },
      interests,
      affinity: categoryAffinity(interests, new Map(), itemOf),
      trendingIn: (name) => rest.trending.filter(({ itemId: id }) => itemOf(id)?.category === name),
      itemOf,
    };
  });

/** Every id that some source names, whatever the constraints. */
function namedBy(input: RankingInput<RankableItem>): Set<string> {
  const category = input.constraints.category;
  const fromInterests = input.interests
    .filter(({ strength }) => strength > 0)
    .flatMap(({ itemId: id }) => input.neighbours.get(id) ?? []);
  const anyNegative = input.interests.some(({ strength }) => strength < 0);
  const trending = category === undefined ? input.trending : input.trendingIn(category);
  return new Set(
    [...(anyNegative ? [] : fromInterests), ...trending, ...input.popular].map(({ itemId: id }) => id),
  );
}

describe('recommend', () => {
  it('gives each item once, ranked 1..n, with scores in (0, 1] that never rise', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const list = recommend(input);
        expect(list.length).toBeLessThanOrEqual(input.limit);
        expect(new Set(list.map(({ item }) => item.itemId)).size).toBe(list.length);
        expect(list.map(({ rank }) => rank)).toEqual(list.map((_, index) => index + 1));
        list.forEach(({ score }, index) => {
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(list[index - 1]?.score ?? 1);
        });
      }),
    );
  });

  it('never gives an item that is excluded, unavailable, bought, in the cart or of another category', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { session, user } = input.history;
        const bought = [...session, ...user].filter(({ eventType }) => eventType === 'purchase');
        const { surface, category, excluded } = input.constraints;
        for (const { item } of recommend(input)) {
          expect(item.available).toBe(true);
          expect(excluded.has(item.itemId)).toBe(false);
          expect(bought.map((activity) => activity.itemId)).not.toContain(item.itemId);
          if (category !== undefined) expect(item.category?.toLowerCase()).toBe(category.toLowerCase());
          if (surface === 'cart') expect(inCart(input.history)).not.toContain(item.itemId);
          if (surface === 'pdp') expect(item.itemId).not.toBe(lastViewed(input.history));
        }
      }),
    );
  });

  it('fills the list as far as allowed candidates reach', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { allowed } = eligibilityOf(input.history, input.constraints);
        const possible = [...namedBy(input)].filter((id) => {
          const item = input.itemOf(id);
          return item !== undefined && allowed(item);
        });
        expect(recommend(input).length).toBeGreaterThanOrEqual(Math.min(input.limit, possible.length));
      }),
    );
  });

  it('gives what was just viewed only after everything else', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { fresh } = eligibilityOf(input.history, input.constraints);
        const freshness = recommend(input).map(({ item }) => fresh(item.itemId));
        expect(freshness).toEqual([...freshness].sort((a, b) => Number(b) - Number(a)));
      }),
    );
  });

  it('is a function of its input', () => {
    fc.assert(fc.property(inputs, (input) => expect(recommend(input)).toEqual(recommend(input))));
  });
});
