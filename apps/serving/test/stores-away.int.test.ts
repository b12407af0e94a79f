import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cassandraTables, categoryKeys, recommendationsResponseSchema } from '@shopstream/contracts';
import { eventually, startCuttableProxy, startServiceProcess, testSettings } from '@shopstream/testkit';
import type { CuttableProxy, ServiceProcess } from '@shopstream/testkit';
import { catalogDatabase, interactionsKeyspace, putItem, redisKeys } from './fixtures/serving-stack.ts';

let proxies: Record<'redis' | 'postgres', CuttableProxy>;
let database: Awaited<ReturnType<typeof catalogDatabase>>;
let keyspace: Awaited<ReturnType<typeof interactionsKeyspace>>;
let redis: Awaited<ReturnType<typeof redisKeys>>;
let service: ServiceProcess;

const proxyOf = (url: URL) => startCuttableProxy({ host: url.hostname, port: Number(url.port) });

function through(url: string, proxy: CuttableProxy): string {
  const changed = new URL(url);
  changed.port = String(proxy.port);
  return changed.href;
}

beforeAll(async () => {
  const settings = testSettings();
  [database, keyspace, redis] = await Promise.all([catalogDatabase(), interactionsKeyspace(), redisKeys()]);
  proxies = {
    redis: await proxyOf(new URL(settings.REDIS_URL)),
    postgres: await proxyOf(new URL(settings.POSTGRES_URL)),
  };
  for (const id of ['boots', 'cap']) await putItem(database.pool, { item_id: id });
  await redis.client.zadd(categoryKeys('default').popular, Date.now(), 'cap');
  service = await startServiceProcess({
    app: 'serving',
    env: {
      ...settings,
      REDIS_URL: through(settings.REDIS_URL, proxies.redis),
      POSTGRES_URL: through(database.POSTGRES_URL, proxies.postgres),
      REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX,
      CASSANDRA_KEYSPACE: keyspace.CASSANDRA_KEYSPACE,
      REDIS_TIMEOUT_MS: '500',
    },
  });
});

afterAll(async () => {
  expect(await service.stop()).toEqual({ code: 0, signal: null });
  for (const proxy of Object.values(proxies)) await proxy.stop();
  await Promise.all([database.drop(), keyspace.drop(), redis.drop()]);
});

async function recommendations() {
  const response = await fetch(`${service.url}/v1/recommendations?user_id=u`);
  expect(response.status).toBe(200);
  const body = recommendationsResponseSchema.parse(await response.json());
  return {
    ids: body.recommendations.map(({ item_id: id }) => id),
    degraded: [body.degraded, response.headers.get('x-degraded')],
  };
}

const whole = { ids: ['cap', 'boots'], degraded: [undefined, null] };
const withoutRedis = { ids: ['cap', 'boots'], degraded: [true, 'redis'] };

describe('while a store is away', () => {
  it('Redis: recommendations go on from the last lists, marked as degraded, and are whole again afterwards', async () => {
    expect(await recommendations()).toEqual(whole);
    await proxies.redis.cut();
    expect(await recommendations()).toEqual(withoutRedis);
    expect(await metric('serving_degraded_answers_total')).toBeGreaterThan(0);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    await proxies.redis.restore();
    await eventually(async () => expect(await recommendations()).toEqual(whole));
  });

  it('PostgreSQL: the last catalogue stays in use, and changes made meanwhile come in afterwards', async () => {
    await proxies.postgres.cut();
    await putItem(database.pool, { item_id: 'boots', available: false, version: 2 });
    await eventually(async () => {
      const response = await fetch(`${service.url}/readyz`);
      expect(await response.json()).toMatchObject({
        ready: true,
        checks: { catalogue: expect.stringContaining('does not answer') },
      });
    });
    expect(await recommendations()).toEqual(whole);
    await proxies.postgres.restore();
    await eventually(async () => expect((await recommendations()).ids).toEqual(['cap']));
  });

  it('Cassandra: a history that cannot be read is refused, the rest goes on', async () => {
    await keyspace.client.execute(`DROP TABLE ${cassandraTables.userBuckets}`, [], { prepare: false });
    const response = await fetch(`${service.url}/v1/users/u/history`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });
    expect((await recommendations()).ids).toEqual(['cap']);
  });
});

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(new RegExp(`^${name}\\{.*\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}
