import { describe, expect, it } from '@jest/globals';
import { createCrowdCache } from './crowd-cache.ts';
import { createCatalog } from './domain/catalog.ts';
import type { CrowdLists } from './domain/stores.ts';

function setUp() {
  const catalog = createCatalog({ maxItems: 10 });
  const metadata = { thumbnail_url: null, rating: null, price: null, currency: null, brand: null };
  catalog.apply(
    ['a', 'b', 'c'].map((itemId) => ({
      namespace: 'default',
      itemId,
      version: 1,
      available: true,
      metadata: { ...metadata, title: itemId, category: itemId === 'c' ? 'Hats' : 'Shoes' },
    })),
  );
  const state = { nowMs: 0, reads: 0, away: false };
  const cache = createCrowdCache({
    catalog,
    now: () => state.nowMs,
    features: {
      crowd: async (): Promise<CrowdLists> => {
        state.reads += 1;
        if (state.away) throw new Error('no answer');
        return {
          trending: [{ itemId: 'b', score: 1 }],
          popular: [{ itemId: 'c', score: state.reads }],
        };
      },
    },
  });
  return { cache, state };
}

describe('the lists for everybody', () => {
  it('are read once a second, also by many at once', async () => {
    const { cache, state } = setUp();
    await Promise.all([cache.lists('default'), cache.lists('default')]);
    state.nowMs = 999;
    await cache.lists('default');
    expect(state.reads).toBe(1);
    state.nowMs = 1_000;
    const { popular } = await cache.lists('default');
    expect(state.reads).toBe(2);
    expect(popular[0]).toEqual({ itemId: 'c', score: 2 });
  });

  it('are filled up with the catalogue, below everything popular', async () => {
    const { popular } = await setUp().cache.lists('default');
    expect(popular.map(({ itemId }) => itemId)).toEqual(['c', 'a', 'b']);
    expect(popular.map(({ score }) => score)).toEqual(
      [...popular.map(({ score }) => score)].sort((x, y) => y - x),
    );
  });

  it('stay the last ones while Redis is away', async () => {
    const { cache, state } = setUp();
    await cache.lists('default');
    Object.assign(state, { nowMs: 60_000, away: true });
    expect(await cache.lists('default')).toMatchObject({
      failed: true,
      trending: [{ itemId: 'b' }],
      popular: [{ itemId: 'c' }, { itemId: 'a' }, { itemId: 'b' }],
    });
    state.away = false;
    expect(await cache.lists('default')).toMatchObject({ failed: false });
  });

  it('are the catalogue alone when Redis was never there', async () => {
    const { cache, state } = setUp();
    state.away = true;
    const lists = await cache.lists('default', 'shoes');
    expect(lists).toMatchObject({ failed: true, trending: [] });
    expect(lists.popular.map(({ itemId }) => itemId)).toEqual(['a', 'b']);
  });
});
