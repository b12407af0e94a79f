import { createLogger } from '@shopstream/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRedis } from '@shopstream/stores';
import { freshRedisPrefix, startCuttableProxy, testSettings } from '@shopstream/testkit';
import { createRedisClaimStore } from '../src/adapters/redis-claim-store.ts';
import type { ClaimRequest, ClaimStore } from '../src/domain/claims.ts';
import { createMemoryClaimStore } from './memory-claim-store.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const prefix = freshRedisPrefix();
const redis = connectRedis({ ...testSettings(), REDIS_KEY_PREFIX: prefix.REDIS_KEY_PREFIX }, { logger });

beforeAll(() => redis.start());
afterAll(async () => {
  await redis.stop();
  await prefix.drop();
});

const stores: [string, () => ClaimStore][] = [
  ['memory', createMemoryClaimStore],
  ['Redis', () => createRedisClaimStore(redis.client)],
];

describe.each(stores)('a claim store in %s', (name, create) => {
  const store = create();
  const request = (eventId: string, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
    namespace: name.toLowerCase(),
    eventId,
    partition: 0,
    offset: 7n,
    ...more,
  });

  it('gives an event to the first record that claims it', async () => {
    expect(await store.claim([request('a')])).toEqual(['first']);
    expect(await store.claim([request('a', { offset: 8n })])).toEqual(['duplicate']);
    expect(await store.claim([request('a', { partition: 1 })])).toEqual(['duplicate']);
  });

  it('gives it to the same record again, however often it is processed', async () => {
    await store.claim([request('b')]);
    expect(await store.claim([request('b'), request('b')])).toEqual(['first', 'first']);
  });

  it('decides between two records of one batch by their order', async () => {
    const batch = [request('c'), request('d'), request('c', { offset: 8n })];
    expect(await store.claim(batch)).toEqual(['first', 'first', 'duplicate']);
  });

  it('keeps tenants apart', async () => {
    await store.claim([request('e')]);
    expect(await store.claim([request('e', { namespace: 'other', offset: 9n })])).toEqual(['first']);
  });

  it('has nothing to say of an empty batch', async () => {
    expect(await store.claim([])).toEqual([]);
  });
});

it('a claim in Redis lasts a day', async () => {
  const store = createRedisClaimStore(redis.client);
  await store.claim([{ namespace: 'ttl', eventId: 'x', partition: 0, offset: 0n }]);
  const seconds = await redis.client.ttl('dedupe:ttl:x');
  expect(seconds).toBeGreaterThan(86_390);
  expect(seconds).toBeLessThanOrEqual(86_400);
});

it('fails while Redis is away, and claims again when it is back', async () => {
  const { hostname, port } = new URL(testSettings().REDIS_URL);
  const proxy = await startCuttableProxy({ host: hostname, port: Number(port) });
  const far = connectRedis(
    { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, REDIS_KEY_PREFIX: prefix.REDIS_KEY_PREFIX },
    { logger },
  );
  await far.start();
  const store = createRedisClaimStore(far.client);
  const claim = { namespace: 'away', eventId: 'x', partition: 0, offset: 0n };
  await proxy.cut();
  await expect(store.claim([claim])).rejects.toThrow();
  await proxy.restore();
  expect(await store.claim([claim])).toEqual(['first']);
  await far.stop();
  await proxy.stop();
});
