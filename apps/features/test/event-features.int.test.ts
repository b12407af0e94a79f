import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  averageTimeMs,
  categoryKeys,
  decayedWorth,
  itemKeys,
  sessionKeys,
  userKeys,
} from '@shopstream/contracts';
import type { EnrichedEvent } from '@shopstream/contracts';
import { Registry } from '@shopstream/platform';
import { enrichedEvent, noonMs } from '@shopstream/testkit';
import * as fc from 'fast-check';
import { createRedisFeatureStore } from '../src/adapters/redis-feature-store.ts';
import type { FeatureStore } from '../src/domain/feature-store.ts';
import { createEventHandler } from '../src/handle-events.ts';
import { createFeatureMetrics } from '../src/metrics.ts';
import { dayMs, freshRedis, halfLives, readAll, recordsOf } from './setup.ts';

const { client: redis, start, stop } = freshRedis();
beforeAll(start);
afterAll(stop);

const options = { halfLives, metrics: createFeatureMetrics(new Registry()) };
const handlerOf = (store: FeatureStore) => createEventHandler(store, options);
const handle = handlerOf(createRedisFeatureStore(redis, halfLives));
let nextOffset = 0;
const feed = (events: EnrichedEvent[], partition = 0) =>
  handle(recordsOf(events, { partition, from: (nextOffset += 10_000) }));
const count = (length: number, columns: (index: number) => Partial<EnrichedEvent>) =>
  Array.from({ length }, (_, index) => enrichedEvent(columns(index)));

describe('features of a user', () => {
  const keys = userKeys('default', 'anna');
  const at = (minute: number) => ({ user_id: 'anna', timestamp: noonMs + minute * 60_000 });

  it('are the six of the data dictionary', async () => {
    await feed([
      enrichedEvent({ ...at(0), dwell_ms: 1_000 }),
      enrichedEvent({ ...at(1), dwell_ms: 4_000 }),
      enrichedEvent({ ...at(2), event_type: 'purchase' }),
      enrichedEvent({ ...at(30), product_id: 'product-2', product_category: 'tents' }),
    ]);
    expect(await redis.hgetall(keys.productViews)).toEqual({ 'product-1': '2', 'product-2': '1' });
    expect(await redis.hgetall(keys.productPurchases)).toEqual({ 'product-1': '1' });
    expect(averageTimeMs((await redis.hget(keys.productAvgTime, 'product-1')) ?? '')).toBe(2_500);
    expect(await redis.hgetall(keys.categoryViews)).toEqual({ shoes: '2', tents: '1' });
    expect(await redis.hgetall(keys.categoryPurchases)).toEqual({ shoes: '1' });
    expect(await redis.hgetall(keys.features)).toMatchObject({
      last_interaction_time: (noonMs / 1_000 + 1_800).toFixed(3),
      avg_session_length: '30.000',
      session_count: '1',
    });
    expect(await redis.zrange(keys.purchased, 0, '-1')).toEqual(['product-1']);
  });

  it('list recent events newest first, also when they come out of order', async () => {
    const recent = userKeys('default', 'otto').recent;
    const [first, second, third] = count(3, (index) => ({
      user_id: 'otto',
      product_id: `p${index}`,
      timestamp: noonMs + index,
    })) as [EnrichedEvent, EnrichedEvent, EnrichedEvent];
    await feed([third, first]);
    await feed([second, { ...first, timestamp: noonMs - 5 }], 1);
    expect(await redis.zrevrange(recent, 0, -1)).toEqual(['page_view|p2', 'page_view|p1', 'page_view|p0']);
    expect(await redis.hget(userKeys('default', 'otto').features, 'last_interaction_time')).toBe(
      ((noonMs + 2) / 1_000).toFixed(3),
    );
  });

  it('are none when consent is denied, or of an impression', async () => {
    const outcomes = await feed([
      enrichedEvent({ user_id: 'denied', session_id: 'denied', product_id: 'denied', consent: 'denied' }),
      enrichedEvent({
        user_id: 'denied',
        session_id: 'denied',
        product_id: 'denied',
        event_type: 'impression',
      }),
    ]);
    expect(outcomes).toEqual([
      { kind: 'skip', reason: 'consent denied' },
      { kind: 'skip', reason: 'impression' },
    ]);
    const keysOfDenied = [
      ...Object.values(userKeys('default', 'denied')),
      sessionKeys('default', 'denied').recent,
      itemKeys('default', 'denied').neighbours,
    ];
    expect(await redis.exists(keysOfDenied)).toBe(0);
    expect(await redis.zscore(categoryKeys('default').trending, 'denied')).toBeNull();
  });

  it('stay within their bounds, the oldest go', async () => {
    const busy = userKeys('default', 'busy');
    await feed(
      count(1_200, (index) => ({
        user_id: 'busy',
        session_id: `busy-${Math.floor(index / 20)}`,
        product_id: `b${index}`,
        product_category: `c${index % 250}`,
        event_type: index % 2 === 0 ? 'page_view' : 'purchase',
        dwell_ms: 1_000,
        timestamp: noonMs + index * 1_000,
      })),
    );
    expect(await redis.zcard(busy.recent)).toBe(100);
    expect(await redis.zcard(busy.purchased)).toBe(500);
    expect(await redis.zcard(busy.products)).toBe(1_000);
    expect((await redis.hlen(busy.productViews)) + (await redis.hlen(busy.productPurchases))).toBe(1_000);
    expect(await redis.hexists(busy.productViews, 'b198')).toBe(0);
    expect(await redis.hexists(busy.productViews, 'b200')).toBe(1);
    expect(await redis.hlen(busy.categoryViews)).toBeLessThanOrEqual(200);
    expect(await redis.hlen(busy.sessions)).toBe(50);
    expect(await redis.hget(busy.features, 'session_count')).toBe('50');
    expect(await redis.hget(busy.features, 'avg_session_length')).toBe('0.317');
    for (const key of Object.values(busy)) expect(await redis.pttl(key)).toBeGreaterThan(89 * dayMs);
  });
});

describe('rankings', () => {
  it('trend by decayed worth, for all and by category', async () => {
    const ns = { namespace: 'trends' };
    await feed([
      enrichedEvent({ ...ns, product_id: 'old', event_type: 'purchase', timestamp: noonMs - 10 * dayMs }),
      enrichedEvent({ ...ns, product_id: 'new', product_category: 'tents' }),
      enrichedEvent({ ...ns, product_id: 'new', product_category: 'tents', event_type: 'click' }),
    ]);
    const { trending } = categoryKeys('trends');
    expect(await redis.zrevrange(trending, 0, -1)).toEqual(['new', 'old']);
    expect(await redis.zrange(categoryKeys('trends', 'tents').trending, 0, '-1')).toEqual(['new']);
    const score = Number(await redis.zscore(trending, 'new'));
    expect(decayedWorth(score, noonMs, dayMs)).toBeCloseTo(0.25, 6);
  });

  it('stay within their bound, the least worth go', async () => {
    await feed(
      count(1_500, (index) => ({
        namespace: 'many',
        product_id: `m${index}`,
        timestamp: noonMs + index,
        session_id: `m${index}`,
      })),
    );
    const { trending } = categoryKeys('many');
    expect(await redis.zcard(trending)).toBeLessThanOrEqual(1_200);
    expect(await redis.zscore(trending, 'm1499')).not.toBeNull();
    expect(await redis.zscore(trending, 'm0')).toBeNull();
  });

  it('know neighbours in both directions, and only within a namespace', async () => {
    const session = (namespace: string) =>
      count(2, (index) => ({
        namespace,
        session_id: 'pair',
        product_id: `n${index}`,
        timestamp: noonMs + index,
      }));
    await feed([...session('one'), ...session('two').slice(0, 1)]);
    expect(await redis.zrange(itemKeys('one', 'n0').neighbours, 0, '-1')).toEqual(['n1']);
    expect(await redis.zrange(itemKeys('one', 'n1').neighbours, 0, '-1')).toEqual(['n0']);
    expect(await redis.exists(itemKeys('two', 'n0').neighbours)).toBe(0);
  });
});

describe('a batch cut off anywhere and processed again', () => {
  const arbitraryEvents = fc.array(
    fc.record({
      user_id: fc.constantFrom('u1', 'u2', null),
      session_id: fc.constantFrom('s1', 's2'),
      product_id: fc.constantFrom('a', 'b', 'c', 'd', null),
      product_category: fc.constantFrom('shoes', 'tents', null),
      event_type: fc.constantFrom('page_view', 'click', 'purchase', 'search'),
      timestamp: fc.integer({ min: noonMs, max: noonMs + 3 * 3_600_000 }),
      dwell_ms: fc.constantFrom(null, 1_000),
    }),
    { minLength: 1, maxLength: 25 },
  );
  const arbitraryCrashes = fc.array(
    fc.record({
      take: fc.integer({ min: 1, max: 25 }),
      after: fc.constantFrom('half', 'apply', 'remember', 'nothing'),
    }),
    { maxLength: 6 },
  );

  /** Fails where told: after half of the changes, after all of them, or before the offset would be committed. */
  const failing = (store: FeatureStore, after: string): FeatureStore => ({
    ...store,
    async apply(changes) {
      if (after !== 'half') return store.apply(changes);
      const half = {
        users: changes.users.slice(1),
        neighbours: changes.neighbours.slice(1),
        trending: changes.trending.slice(1),
      };
      await store.apply({ ...changes, ...half });
      throw new Error('cut off');
    },
    async remember(events) {
      if (after === 'apply') throw new Error('cut off');
      await store.remember(events);
      if (after === 'remember') throw new Error('cut off');
    },
  });

  const keysOf = (namespace: string) =>
    [
      ...['u1', 'u2'].map((id) => userKeys(namespace, id)),
      ...['s1', 's2'].map((id) => sessionKeys(namespace, id)),
      ...['a', 'b', 'c', 'd'].map((id) => itemKeys(namespace, id)),
      ...['shoes', 'tents', undefined].map((category) => categoryKeys(namespace, category)),
    ].flatMap((keys): string[] => Object.values(keys));

  it('leaves exactly what one undisturbed run leaves', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, arbitraryCrashes, async (columns, crashes) => {
        const [calm, rough] = [`calm-${run}`, `rough-${run}`];
        run += 1;
        const recordsIn = (namespace: string) =>
          recordsOf(columns.map((column) => enrichedEvent({ ...column, namespace })));
        const store = createRedisFeatureStore(redis, halfLives);
        await handlerOf(store)(recordsIn(calm));
        const records = recordsIn(rough);
        let position = 0;
        for (const { take, after } of crashes) {
          const batch = records.slice(position, position + take);
          const done = await handlerOf(failing(store, after))(batch).catch(() => null);
          if (done) position += batch.length;
        }
        await handlerOf(store)(records.slice(position));
        expect(await readAll(redis, keysOf(rough))).toEqual(await readAll(redis, keysOf(calm)));
      }),
      { numRuns: 60 },
    );
  });
});
