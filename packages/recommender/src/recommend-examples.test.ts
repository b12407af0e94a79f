import { describe, expect, it } from '@jest/globals';
import { categoryAffinity } from './affinity.ts';
import { interestsOf } from './history.ts';
import type { History } from './history.ts';
import { recommend } from './recommend.ts';
import type { RankingInput } from './recommend.ts';
import type { Activity, RankableItem, Scored, Surface } from './types.ts';

const now = Date.UTC(2026, 0, 20, 12);

describe('recommend, by example', () => {
  const catalog = new Map(
    [
      ['boots', 'Shoes', 'Acme'],
      ['sandals', 'Shoes', 'Acme'],
      ['loafers', 'Shoes', 'Zeta'],
      ['cap', 'Hats', 'Zeta'],
      ['beret', 'Hats', 'Acme'],
      ['tote', 'Bags', 'Acme'],
    ].map(([id = '', category = '', brand = '']): [string, RankableItem] => [
      id,
      { itemId: id, title: id, category, brand, available: true },
    ]),
  );
  const itemOf = (id: string) => catalog.get(id);
  const at = (minutes: number) => now - minutes * 60_000;

  function list(
    history: Partial<History>,
    signals: Partial<Pick<RankingInput<RankableItem>, 'neighbours' | 'trending' | 'popular'>> & {
      surface?: Surface;
      inCategories?: Record<string, Scored[]>;
    } = {},
  ) {
    const { surface = 'homepage', inCategories = {}, ...lists } = signals;
    const whole = { session: [], user: [], ...history };
    const interests = interestsOf(whole, surface, now);
    return recommend({
      limit: 5,
      history: whole,
      interests,
      constraints: { surface, excluded: new Set() },
      affinity: categoryAffinity(interests, new Map(), itemOf),
      neighbours: new Map(),
      trending: [],
      popular: [],
      trendingIn: (category) => inCategories[category] ?? [],
      itemOf,
      ...lists,
    });
  }

  it('puts neighbours before affinity, affinity before trending, trending before popular', () => {
    const ranked = list(
      { session: [{ itemId: 'boots', eventType: 'page_view', at: at(1) }] },
      {
        neighbours: new Map([['boots', [{ itemId: 'cap', score: 0.3 }]]]),
        inCategories: { Shoes: [{ itemId: 'sandals', score: 9 }] },
        trending: [{ itemId: 'tote', score: 40 }],
        popular: [
          { itemId: 'cap', score: 900 },
          { itemId: 'beret', score: 700 },
        ],
      },
    );
    expect(ranked.map(({ item, source }) => [item.itemId, source])).toEqual([
      ['cap', 'collaborative'],
      ['sandals', 'content_based'],
      ['tote', 'trending'],
      ['beret', 'popular'],
    ]);
    expect(ranked.map(({ explanation }) => explanation)).toEqual([
      { type: 'collaborative', reason: 'Because you viewed boots', similar_items: ['boots'] },
      { type: 'content_based', reason: 'Popular in Shoes', matching_attributes: ['category', 'brand'] },
      { type: 'trending', reason: 'Trending now' },
      { type: 'popular', reason: 'Popular with other shoppers' },
    ]);
  });

  it('lets what happened just now outweigh what happened in an earlier session', () => {
    const neighbours = new Map([
      ['boots', [{ itemId: 'sandals', score: 0.5 }]],
      ['cap', [{ itemId: 'beret', score: 0.5 }]],
    ]);
    const history: Partial<History> = {
      session: [{ itemId: 'boots', eventType: 'page_view', at: at(1) }],
      user: [{ itemId: 'cap', eventType: 'page_view', at: at(30 * 24 * 60) }],
    };
    expect(list(history, { neighbours }).map(({ item }) => item.itemId)).toEqual(['sandals', 'beret']);
  });

  it('takes items like a disliked one out of the neighbours and never gives the disliked item', () => {
    const ranked = list(
      { session: [{ itemId: 'boots', eventType: 'dislike', at: at(1) }] },
      {
        neighbours: new Map([['boots', [{ itemId: 'sandals', score: 0.5 }]]]),
        inCategories: { Shoes: [{ itemId: 'sandals', score: 9 }] },
        popular: [
          { itemId: 'boots', score: 3 },
          { itemId: 'tote', score: 2 },
        ],
      },
    );
    expect(ranked.map(({ item }) => item.itemId)).toEqual(['tote']);
  });

  it('gives a taken-out item a chance again in the cart, and the item of the page on the homepage as a last resort', () => {
    const session: Activity[] = [
      { itemId: 'boots', eventType: 'add_to_cart', at: at(5) },
      { itemId: 'boots', eventType: 'remove_from_cart', at: at(4) },
      { itemId: 'cap', eventType: 'add_to_cart', at: at(3) },
      { itemId: 'tote', eventType: 'page_view', at: at(2) },
    ];
    const popular = ['boots', 'cap', 'tote'].map((id, index) => ({ itemId: id, score: 9 - index }));
    expect(list({ session }, { popular, surface: 'cart' }).map(({ item }) => item.itemId)).toEqual([
      'boots',
      'tote',
    ]);
    expect(list({ session }, { popular, surface: 'pdp' }).map(({ item }) => item.itemId)).toEqual([
      'boots',
      'cap',
    ]);
    const [, , last] = list({ session }, { popular });
    expect(last).toMatchObject({ item: { itemId: 'tote' }, rank: 3, score: 0.05 });
  });
});
