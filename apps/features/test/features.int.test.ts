import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { categoryKeys, sessionKeys, userKeys } from '@shopstream/contracts';
import type { EnrichedEvent } from '@shopstream/contracts';
import { createLogger, createMetrics } from '@shopstream/platform';
import { createStreams } from '@shopstream/streams';
import {
  cleanEvent,
  enrichedEvent,
  eventually,
  noonMs,
  startCuttableProxy,
  startServiceProcess,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import { loadConfig } from '../src/config.ts';
import { freshRedis } from './setup.ts';

const { client: redis, prefix, start, stop } = freshRedis();
const env = {
  ...testSettings(),
  REDIS_KEY_PREFIX: prefix,
  KAFKA_TOPIC_PREFIX: `${uniqueName('features')}.`,
};
const logger = createLogger({ name: 'test', level: 'silent' });
const streams = createStreams(loadConfig(env), { name: 'test', logger, metrics: createMetrics('test') });
const producer = streams.createProducer({ topics: ['ecom.events-enriched.v1', 'ecom.signals.v1'] });

beforeAll(async () => {
  await start();
  await streams.registerSchemas();
  await streams.admin.createTopics(
    ['ecom.events-enriched.v1', 'ecom.signals.v1', 'ecom.product-popularity.v1', 'ecom.dead-letter.v1'],
    { partitions: 2 },
  );
  await producer.start();
});
afterAll(async () => {
  await producer.stop();
  await streams.admin.stop();
  await stop();
});

const send = (events: EnrichedEvent[]) =>
  producer.send(events.map((value) => ({ topic: 'ecom.events-enriched.v1', value })));
const startService = (overrides: object = {}) =>
  startServiceProcess({ app: 'features', env: { ...env, ...overrides } });
const viewsOf = async (userId: string) => {
  const views = await redis.hvals(userKeys('default', userId).productViews);
  return views.reduce((sum, count) => sum + Number(count), 0);
};
const lag = async () =>
  (await streams.admin.lag())
    .filter(({ topic }) => topic === 'ecom.events-enriched.v1')
    .reduce((sum, group) => sum + group.lag, 0n);
const events = (length: number, userId: string): EnrichedEvent[] =>
  Array.from({ length }, (_, index) =>
    enrichedEvent({
      user_id: userId,
      session_id: `${userId}-${index % 40}`,
      product_id: `${userId}-${index % 300}`,
      timestamp: noonMs + index,
    }),
  );

describe('features', () => {
  it('shows an event within a second of its row, with both flows and out of order', async () => {
    const service = await startService();
    await send([enrichedEvent({ user_id: 'warm' })]);
    await eventually(async () => expect(await viewsOf('warm')).toBe(1));
    const recent = sessionKeys('default', 'anna').recent;
    const columns = { user_id: 'anna', session_id: 'anna' };
    await send([
      enrichedEvent({ ...columns, timestamp: noonMs + 2 }),
      enrichedEvent({ ...columns, product_id: 'product-0' }),
    ]);
    await producer.send([
      {
        topic: 'ecom.signals.v1',
        value: cleanEvent({ ...columns, event_type: 'like', timestamp: noonMs + 1 }),
      },
    ]);
    await eventually(
      async () =>
        expect(await redis.zrevrange(recent, 0, -1)).toEqual([
          'page_view|product-1',
          'like|product-1',
          'page_view|product-0',
        ]),
      { deadlineMs: 1_000, intervalMs: 5 },
    );
    expect((await service.stop()).code).toBe(0);
  });

  it('goes on past a message that makes no sense', async () => {
    await send([
      enrichedEvent({ user_id: 'otto', event_type: 'teleport', product_id: 'x'.repeat(70_000) }),
      enrichedEvent({ user_id: 'otto' }),
    ]);
    const service = await startService();
    await eventually(async () => expect(await viewsOf('otto')).toBe(1));
    await service.stop();
  });

  it('waits for Redis, loses nothing and counts nothing twice', async () => {
    const { hostname, port } = new URL(env.REDIS_URL);
    const proxy = await startCuttableProxy({ host: hostname, port: Number(port) });
    const service = await startService({ REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
    await send(events(2_000, 'berta'));
    await eventually(async () => expect(await viewsOf('berta')).toBeGreaterThan(0), { intervalMs: 1 });
    await proxy.cut();
    await send(events(500, 'berta'));
    await eventually(() => expect(service.output()).toContain('batch failed'));
    await proxy.restore();
    await eventually(async () => expect(await viewsOf('berta')).toBe(2_500));
    expect((await service.stop()).code).toBe(0);
    await proxy.stop();
  });

  it('counts every event once across SIGTERM and kill -9 in the middle of batches', async () => {
    await send(events(6_000, 'carla'));
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const before = await viewsOf('carla');
      const interrupted = await startService();
      await eventually(async () => expect(await viewsOf('carla')).toBeGreaterThan(before), { intervalMs: 1 });
      const { code } = await interrupted.stop(signal);
      if (signal === 'SIGTERM') expect(code).toBe(0);
      await send(events(2_000, 'carla'));
    }
    const service = await startService();
    await eventually(async () => expect(await lag()).toBe(0n));
    expect(await viewsOf('carla')).toBe(10_000);
    const trending = await redis.zcard(categoryKeys('default', 'shoes').trending);
    expect(trending).toBeGreaterThan(300);
    await service.stop();
  });
});
