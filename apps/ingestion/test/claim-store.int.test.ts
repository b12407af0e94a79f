import { createLogger, Registry } from '@shopstream/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRedis } from '@shopstream/stores';
import { eventually, freshRedisPrefix, startCuttableProxy, testSettings } from '@shopstream/testkit';
import { createRedisClaims } from '../src/adapters/redis-claims.ts';
import { createClaimKeeper, type ClaimKeeper } from '../src/claim-keeper.ts';
import type { ClaimRequest, ClaimStore, PassedEvent, PassedEvents } from '../src/domain/claims.ts';
import { createIngestionMetrics } from '../src/metrics.ts';
import { makeClaimsWhole } from '../src/rebuild-claims.ts';
import { createMemoryClaimStore } from './memory-claim-store.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const prefix = freshRedisPrefix();
const redis = connectRedis({ ...testSettings(), REDIS_KEY_PREFIX: prefix.REDIS_KEY_PREFIX }, { logger });

beforeAll(() => redis.start());
afterAll(async () => {
  await redis.stop();
  await prefix.drop();
});

const metrics = createIngestionMetrics(new Registry());

/** Logs in memory that say what has passed. */
function passedEvents(events: readonly PassedEvent[] = [], onFence: () => void = () => undefined) {
  const passed: PassedEvents = {
    hasAny: () => Promise.resolve(events.length > 0),
    fence: () => Promise.resolve(onFence()),
    read: (sinceMs, onBatch) => onBatch(events.filter(({ passedMs }) => passedMs >= sinceMs)),
  };
  return passed;
}

function keeperOver(client: typeof redis.client, passed = passedEvents()): ClaimKeeper {
  const claims = createRedisClaims(client);
  const makeWhole: Parameters<typeof createClaimKeeper>[0]['makeWhole'] = (options) =>
    makeClaimsWhole({ claims, passed, logger, metrics }, options);
  return createClaimKeeper({ claims, makeWhole, logger, metrics });
}

const stores: [string, () => ClaimStore][] = [
  ['memory', createMemoryClaimStore],
  ['Redis', () => keeperOver(redis.client)],
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
  const store = keeperOver(redis.client);
  await store.claim([{ namespace: 'ttl', eventId: 'x', partition: 0, offset: 0n }]);
  const seconds = await redis.client.ttl('dedupe:ttl:x');
  expect(seconds).toBeGreaterThan(86_390);
  expect(seconds).toBeLessThanOrEqual(86_400);
});

it('claims wait while Redis is away, say so, and are answered when it is back', async () => {
  const { hostname, port } = new URL(testSettings().REDIS_URL);
  const proxy = await startCuttableProxy({ host: hostname, port: Number(port) });
  const far = connectRedis(
    { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, REDIS_KEY_PREFIX: prefix.REDIS_KEY_PREFIX },
    { logger },
  );
  await far.start();
  const store = keeperOver(far.client);
  const claim = { namespace: 'away', eventId: 'x', partition: 0, offset: 0n };
  await proxy.cut();
  const answer = store.claim([claim]);
  await eventually(() => expect(store.ready()).not.toBe('ok'));
  await proxy.restore();
  expect(await answer).toEqual(['first']);
  expect(store.ready()).toBe('ok');

  await proxy.cut();
  const abandoned = store.claim([claim]);
  await eventually(() => expect(store.ready()).not.toBe('ok'));
  store.abandon();
  await expect(abandoned).rejects.toThrow('the service stops');
  await far.stop();
  await proxy.stop();
});

describe('claims that Redis has lost', () => {
  const lost = freshRedisPrefix();
  const own = connectRedis({ ...testSettings(), REDIS_KEY_PREFIX: lost.REDIS_KEY_PREFIX }, { logger });
  const twin: ClaimRequest = { namespace: 'n', eventId: 'e', partition: 1, offset: 9n };
  const passed = (passedMs = Date.now()): PassedEvent[] => [{ namespace: 'n', eventId: 'e', passedMs }];

  beforeAll(() => own.start());
  beforeEach(() => lost.drop());
  afterAll(async () => {
    await own.stop();
    await lost.drop();
  });

  it('all of them, are there again before a twin is answered', async () => {
    const events: PassedEvent[] = [];
    let fences = 0;
    const store = keeperOver(
      own.client,
      passedEvents(events, () => (fences += 1)),
    );
    expect(await store.claim([{ ...twin, offset: 8n }])).toEqual(['first']);
    expect(fences).toBe(0);
    events.push(...passed());
    await lost.drop();
    expect(await store.claim([twin])).toEqual(['duplicate']);
    expect(fences).toBe(1);
    expect(await store.claim([{ ...twin, eventId: 'new' }])).toEqual(['first']);
    expect(fences).toBe(1);
  });

  it('are not asked for without their epoch: nothing is claimed in an empty store', async () => {
    const claims = createRedisClaims(own.client);
    expect(await claims.claim('another epoch', [twin])).toBeNull();
    expect(await own.client.exists('dedupe:n:e')).toBe(0);
  });

  it('by going back to an older state, are there again from the time it is of', async () => {
    const hour = 3_600_000;
    const events = [...passed(Date.now() - hour), { ...twin, eventId: 'newer', passedMs: Date.now() }];
    const store = keeperOver(own.client, passedEvents(events));
    const before = Math.floor(Date.now() / 1_000) - 1_800;
    // As a server says that was started again, or took over, half an hour after its last claim.
    await own.client.hset('dedupe:epoch', { epoch: `${'0'.repeat(40)}:former`, seen: before });
    expect(await store.claim([twin, { ...twin, eventId: 'newer' }])).toEqual(['first', 'duplicate']);
  });

  it('are kept for what is left of their day', async () => {
    const hour = 3_600_000;
    const events = [...passed(Date.now() - 23 * hour), ...passed(Date.now() - 25 * hour)];
    const store = keeperOver(own.client, passedEvents(events));
    expect(await store.claim([twin])).toEqual(['duplicate']);
    const seconds = await own.client.ttl('dedupe:n:e');
    expect(seconds).toBeGreaterThan(3_540);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  it('again while they are rebuilt, are rebuilt again', async () => {
    let fences = 0;
    const loseOnce = (): void => {
      fences += 1;
      if (fences === 1) void own.client.unlink('dedupe:rebuild', 'dedupe:epoch');
    };
    const store = keeperOver(own.client, passedEvents(passed(), loseOnce));
    expect(await store.claim([twin])).toEqual(['duplicate']);
    expect(fences).toBe(2);
  });

  it('are rebuilt by one instance while the others wait', async () => {
    let fences = 0;
    const logs = passedEvents(passed(), () => (fences += 1));
    const stores = [1, 2, 3].map(() => keeperOver(own.client, logs));
    const answers = await Promise.all(stores.map((store) => store.claim([twin])));
    expect(answers).toEqual([['duplicate'], ['duplicate'], ['duplicate']]);
    expect(fences).toBe(1);
  });
});
