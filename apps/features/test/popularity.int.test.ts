import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { categoryKeys, decayedWorth, itemKeys } from '@shopstream/contracts';
import type { ProductPopularity } from '@shopstream/contracts';
import { noonMs } from '@shopstream/testkit';
import { createRedisFeatureStore } from '../src/adapters/redis-feature-store.ts';
import { freshRedis, halfLives } from './setup.ts';

const { client: redis, start, stop } = freshRedis();
const store = createRedisFeatureStore(redis, halfLives);
beforeAll(start);
afterAll(stop);

const windowMs = 300_000;
function row(productId: string, window: number, columns: Partial<ProductPopularity> = {}): ProductPopularity {
  return {
    namespace: 'default',
    product_id: productId,
    product_name: 'Walking boots',
    product_category: 'shoes',
    window_start: noonMs + window * windowMs,
    window_end: noonMs + (window + 1) * windowMs,
    total_interactions: 1,
    views: 1,
    add_to_carts: 0,
    purchases: 0,
    unique_users: 1,
    popularity_score: 1,
    is_final: false,
    revision: 1,
    ...columns,
  };
}

const worthOf = async (productId: string, category?: string) => {
  const score = await redis.zscore(categoryKeys('default', category).popular, productId);
  return score === null ? null : decayedWorth(Number(score), noonMs, halfLives.popularMs);
};

describe('popular items', () => {
  it('count each window once, as its highest revision says, whatever comes twice or out of order', async () => {
    const interim = row('once', 0, { popularity_score: 4, revision: 10 });
    const final = row('once', 0, { popularity_score: 6, revision: 12, is_final: true });
    await store.applyPopularity([interim, interim]);
    expect(await worthOf('once')).toBeCloseTo(4, 6);
    await store.applyPopularity([final]);
    await store.applyPopularity([final, interim]);
    expect(await worthOf('once')).toBeCloseTo(6, 6);
    expect(await worthOf('once', 'shoes')).toBeCloseTo(6, 6);
    const next = row('once', 1, { popularity_score: 2, revision: 20 });
    await store.applyPopularity([next, interim]);
    expect(await worthOf('once')).toBeCloseTo(
      6 + 2 * decayedWorth(next.window_start, noonMs, halfLives.popularMs),
      6,
    );
  });

  it('keep the latest row of each item', async () => {
    await store.applyPopularity([
      row('latest', 1, { views: 7, revision: 5 }),
      row('latest', 0, { views: 3 }),
    ]);
    expect(await redis.hgetall(itemKeys('default', 'latest').popularity)).toMatchObject({
      window_start: String(noonMs + windowMs),
      views: '7',
      is_final: 'false',
    });
  });

  it('still count a window once when it is replayed after it was merged', async () => {
    const rows = Array.from({ length: 60 }, (_, window) => row('merged', window, { revision: window }));
    await store.applyPopularity(rows);
    const before = await redis.zscore(categoryKeys('default').popular, 'merged');
    await store.applyPopularity(rows);
    expect(await redis.zscore(categoryKeys('default').popular, 'merged')).toBe(before);
    const kept = Object.keys(await redis.hgetall(itemKeys('default', 'merged').popularity));
    expect(kept.filter((field) => field.startsWith('window:'))).toHaveLength(24);
  });

  it('move with the category of their item', async () => {
    await store.applyPopularity([row('moved', 0)]);
    await store.applyPopularity([row('moved', 1, { product_category: 'tents' })]);
    expect(await worthOf('moved', 'shoes')).toBeNull();
    expect(await worthOf('moved', 'tents')).toBeGreaterThan(1);
    await store.applyPopularity([row('moved', 2, { product_category: null })]);
    expect(await worthOf('moved', 'tents')).toBeNull();
    expect(await worthOf('moved')).toBeGreaterThan(2);
  });

  it('do not list an item without any score', async () => {
    await store.applyPopularity([row('clicked', 0, { views: 0, popularity_score: 0 })]);
    expect(await worthOf('clicked')).toBeNull();
  });
});
