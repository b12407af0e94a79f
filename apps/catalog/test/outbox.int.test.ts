import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from '@shopstream/platform';
import { StreamError } from '@shopstream/streams';
import { eventually, startCuttableProxy, startServiceProcess, testSettings } from '@shopstream/testkit';
import { createPostgresOutbox } from '../src/adapters/postgres-outbox.ts';
import { createCatalogMetrics } from '../src/metrics.ts';
import { createPublisher } from '../src/publisher.ts';
import { call, freshCatalog, logger } from './setup.ts';
import type { FreshCatalog } from './setup.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function fresh(options: { withTopic?: boolean } = {}): Promise<FreshCatalog> {
  const catalog = await freshCatalog(options);
  opened.push(() => catalog.close());
  return catalog;
}

const put = (url: string, id: string, price: number) =>
  call(`${url}/v1/items/${id}`, 'PUT', { body: { title: id, price } });
const versions = async (catalog: FreshCatalog, id: string) =>
  (await catalog.products()).filter((row) => row.product_id === id).map((row) => row.version);
const waiting = async (catalog: FreshCatalog) =>
  (await catalog.pool.query('select 1 from outbox')).rows.length;
const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('outbox', () => {
  it('keeps what was committed but not published through a kill -9', async () => {
    const catalog = await fresh();
    const session = await createPostgresOutbox(catalog.pool).open(() => undefined);
    const killed = await catalog.start();
    expect((await put(killed.url, 'kept', 1)).status).toBe(201);
    expect(await waiting(catalog)).toBe(1);
    expect(await killed.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    expect(await catalog.products()).toEqual([]);

    session?.close();
    await catalog.start();
    await eventually(async () => expect(await versions(catalog, 'kept')).toEqual([1]));
    await eventually(async () => expect(await waiting(catalog)).toBe(0));
  });

  it('loses no acknowledged version when killed while publishing, and keeps their order', async () => {
    const catalog = await fresh();
    const first = await catalog.start();
    let acknowledged = 0;
    const writing = (async () => {
      for (const price of oneTo(10_000)) {
        if ((await put(first.url, 'busy', price)).status < 300) acknowledged = price;
      }
    })().catch(() => 'killed');
    await eventually(async () => expect((await versions(catalog, 'busy')).length).toBeGreaterThan(50));
    await first.stop('SIGKILL');
    expect(await writing).toBe('killed');

    await catalog.start();
    await eventually(async () => expect(await waiting(catalog)).toBe(0));
    const published = await versions(catalog, 'busy');
    const firstSeen = [...new Set(published)];
    expect(firstSeen).toEqual(oneTo(firstSeen.length));
    expect(firstSeen.length).toBeGreaterThanOrEqual(acknowledged);
    expect(published.at(-1)).toBe(firstSeen.length);
  });

  it('takes changes while Kafka does not, and publishes them once it does', async () => {
    const catalog = await fresh({ withTopic: false });
    const service = await catalog.start();
    expect((await put(service.url, 'patient', 1)).status).toBe(201);
    expect((await put(service.url, 'patient', 2)).status).toBe(200);
    await eventually(async () => {
      const { status, body } = await call(`${service.url}/readyz`);
      expect([status, body.checks.postgres]).toEqual([200, 'ok']);
      expect(body.checks.publisher).not.toBe('ok');
    });
    await catalog.createTopic();
    // What was given up may have arrived after all: a version may be there twice, never after a later one.
    await eventually(async () => expect((await versions(catalog, 'patient')).at(-1)).toBe(2));
    const published = await versions(catalog, 'patient');
    expect(published).toEqual([...published].sort());
    expect(new Set(published)).toEqual(new Set([1, 2]));
    await eventually(async () =>
      expect((await call(`${service.url}/readyz`)).body.checks.publisher).toBe('ok'),
    );
  });

  it('keeps rows that Kafka did not acknowledge', async () => {
    const catalog = await fresh();
    const service = await catalog.start();
    await put(service.url, 'refused', 1);
    await eventually(async () => expect(await waiting(catalog)).toBe(0));
    await service.stop();
    await catalog.pool.query(
      `insert into outbox (topic, payload) select 'ecom.products.v1', jsonb_build_object('product_id', 'x')`,
    );
    let attempts = 0;
    const publisher = createPublisher({
      outbox: createPostgresOutbox(catalog.pool),
      producer: {
        send: async () => {
          attempts += 1;
          throw new StreamError('KAFKA_UNAVAILABLE', 'no answer', { retriable: true });
        },
      },
      metrics: createCatalogMetrics(new Registry()),
      logger,
    });
    await publisher.start();
    await eventually(() => expect(attempts).toBeGreaterThan(1));
    expect(publisher.ready()).toBe('no answer');
    await publisher.stop();
    expect(await waiting(catalog)).toBe(1);
  });

  it('has one publisher at a time, and another takes over', async () => {
    const catalog = await fresh();
    const [one, two] = await Promise.all([catalog.start(), catalog.start()]);
    for (const price of oneTo(20)) await put(price % 2 ? one.url : two.url, 'twins', price);
    await eventually(async () => expect(await versions(catalog, 'twins')).toEqual(oneTo(20)));
    await one.stop('SIGKILL');
    await put(two.url, 'twins', 21);
    await eventually(async () => expect(await versions(catalog, 'twins')).toEqual(oneTo(21)));
  });

  it('answers 503 while PostgreSQL is away, and goes on when it is back', async () => {
    const catalog = await fresh();
    const { rows } = await catalog.pool.query<{ name: string }>('select current_database() as name');
    const target = new URL(testSettings().POSTGRES_URL);
    const proxy = await startCuttableProxy({ host: target.hostname, port: Number(target.port) });
    opened.push(() => proxy.stop());
    const service = await catalog.start({
      POSTGRES_URL: `postgres://postgres@127.0.0.1:${proxy.port}/${rows[0]?.name ?? ''}`,
    });
    await put(service.url, 'away', 1);
    await proxy.cut();
    const refused = await put(service.url, 'away', 2);
    expect([refused.status, refused.body.error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await call(`${service.url}/readyz`)).status).toBe(503);
    expect((await call(`${service.url}/livez`)).status).toBe(200);

    await proxy.restore();
    await eventually(async () => expect((await put(service.url, 'away', 3)).status).toBe(200));
    await eventually(async () => expect(await versions(catalog, 'away')).toEqual([1, 2]));
  });

  it('is published within 200 ms of the change, at the median', async () => {
    const catalog = await fresh();
    const service = await catalog.start();
    for (const price of oneTo(50)) await put(service.url, 'quick', price);
    await eventually(async () => expect(await versions(catalog, 'quick')).toHaveLength(50));
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const within = Number(/catalog_publish_delay_seconds_bucket\{le="0.2".*\} (\d+)/.exec(metrics)?.[1]);
    expect(within).toBeGreaterThan(25);
  });

  it('stops cleanly on SIGTERM with requests in flight', async () => {
    const catalog = await fresh();
    const service = await catalog.start();
    const answers = Promise.all(oneTo(20).map((price) => put(service.url, `last-${price}`, price)));
    await eventually(async () => expect(await waiting(catalog)).toBe(0));
    const [exit] = await Promise.all([service.stop('SIGTERM'), answers.catch(() => [])]);
    expect(exit).toEqual({ code: 0, signal: null });
  });
});

describe('service', () => {
  it('ends with 1 when the database was never migrated', async () => {
    const catalog = await fresh();
    await catalog.pool.query('drop table outbox');
    const service = await startServiceProcess({ app: 'catalog', env: catalog.env, waitUntilReady: false });
    expect(await service.exited).toEqual({ code: 1, signal: null });
    expect(service.output()).toMatch(/relation \\"outbox\\" does not exist/);
  });
});
