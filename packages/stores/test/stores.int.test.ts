import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@shopstream/platform';
import type { Logger } from '@shopstream/platform';
import {
  eventually,
  freshDatabase,
  freshKeyspace,
  freshRedisPrefix,
  startCuttableProxy,
  testSettings,
} from '@shopstream/testkit';
import type { CuttableProxy } from '@shopstream/testkit';
import { connectCassandra, connectPostgres, connectRedis } from '../src/index.ts';
import type { Store } from '../src/index.ts';

const settings = testSettings();
const database = await freshDatabase();
const keyspace = await freshKeyspace();
const prefix = freshRedisPrefix();
const stopping: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const resource of stopping.splice(0).reverse()) await resource.stop();
});
afterAll(() => Promise.all([database.drop(), keyspace.drop(), prefix.drop()]));

interface StoreUnderTest {
  name: string;
  /** Where the real server is. */
  address: { host: string; port: number };
  /** The store as if its server listened on this port; the settings hold a password where the driver takes one in its URL. */
  connect(port: number, logger: Logger): Store;
  /** A write followed by a read through the driver. */
  roundTrip(port: number): Promise<void>;
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

const silent = createLogger({ name: 'test', level: 'silent' });

const stores: StoreUnderTest[] = [
  {
    name: 'redis',
    address: addressOf(settings.REDIS_URL),
    connect: (port, logger) =>
      connectRedis({ REDIS_URL: withPort(settings.REDIS_URL, port), ...prefix }, { logger }),
    async roundTrip(port) {
      const redis = connectRedis(
        { REDIS_URL: withPort(settings.REDIS_URL, port), ...prefix },
        { logger: silent },
      );
      stopping.push(redis);
      await redis.client.set('key', '9007199254740993');
      expect(await redis.client.get('key')).toBe('9007199254740993');
    },
  },
  {
    name: 'postgres',
    address: addressOf(settings.POSTGRES_URL),
    connect: (port, logger) =>
      connectPostgres({ POSTGRES_URL: withPort(database.POSTGRES_URL, port) }, { logger }),
    async roundTrip(port) {
      const postgres = connectPostgres(
        { POSTGRES_URL: withPort(database.POSTGRES_URL, port) },
        { logger: silent },
      );
      stopping.push(postgres);
      await postgres.pool.query('create table if not exists t (n bigint)');
      const { rows } = await postgres.pool.query('insert into t values (9007199254740993) returning n');
      expect(rows).toEqual([{ n: '9007199254740993' }]);
    },
  },
  {
    name: 'cassandra',
    address: addressOf(`tcp://${settings.CASSANDRA_CONTACT_POINTS}`),
    connect: (port, logger) => connectCassandra(cassandraAt(port), { logger }),
    async roundTrip(port) {
      const { client, ...store } = connectCassandra(cassandraAt(port), { logger: silent });
      stopping.push(store);
      await client.execute('CREATE TABLE IF NOT EXISTS t (id text PRIMARY KEY, n bigint)', [], {
        prepare: false,
      });
      await client.execute('INSERT INTO t (id, n) VALUES (?, ?)', ['a', 9007199254740993n]);
      expect((await client.execute('SELECT n FROM t WHERE id = ?', ['a'])).first()['n']).toBe(
        9007199254740993n,
      );
    },
  },
];

function cassandraAt(port: number) {
  return {
    CASSANDRA_CONTACT_POINTS: [`127.0.0.1:${port}`],
    CASSANDRA_KEYSPACE: keyspace.CASSANDRA_KEYSPACE,
    CASSANDRA_LOCAL_DC: settings.CASSANDRA_LOCAL_DC,
  };
}

async function proxyTo(store: StoreUnderTest): Promise<CuttableProxy> {
  const proxy = await startCuttableProxy(store.address);
  stopping.push(proxy);
  return proxy;
}

describe.each(stores)('$name', (store) => {
  it('is ready once started', async () => {
    const connection = store.connect(store.address.port, silent);
    stopping.push(connection);
    await connection.start();
    expect(await connection.ready()).toBe('ok');
  });

  it('gives back what was written, integers over 2^53 included', () => store.roundTrip(store.address.port));

  it('says why it is not ready while its server is down, and is ready again by itself', async () => {
    const proxy = await proxyTo(store);
    const connection = store.connect(proxy.port, silent);
    stopping.push(connection);
    await connection.start();
    await proxy.cut();
    await eventually(async () => expect(await connection.ready()).not.toBe('ok'));
    await proxy.restore();
    await eventually(async () => expect(await connection.ready()).toBe('ok'));
  });

  it('fails its start with a retriable error when no server is there', async () => {
    const proxy = await proxyTo(store);
    await proxy.cut();
    await expect(store.connect(proxy.port, silent).start()).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'STORE_UNAVAILABLE',
      retriable: true,
    });
  });
});

describe('credentials', () => {
  it.each([
    [
      'redis',
      (port: number, logger: Logger) =>
        connectRedis({ REDIS_URL: `redis://root:s3cret@127.0.0.1:${port}`, ...prefix }, { logger }),
    ],
    [
      'postgres',
      (port: number, logger: Logger) =>
        connectPostgres({ POSTGRES_URL: `postgres://root:s3cret@127.0.0.1:${port}/none` }, { logger }),
    ],
  ])('of %s reach neither the log nor the error', async (name, connect) => {
    const lines: string[] = [];
    const logger = createLogger(
      { name: 'test', level: 'trace' },
      { write: (line: string) => lines.push(line) },
    );
    const address = stores.find((store) => store.name === name)?.address ?? { port: 0 };
    const failure: unknown = await connect(address.port, logger)
      .start()
      .catch((error: unknown) => error);
    logger.error({ err: failure }, 'did not start');
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(lines.join('')).not.toContain('s3cret');
  });
});
