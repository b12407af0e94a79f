// Uses the drivers and not `stores`, whose own tests need these as well: testkit depends on contracts alone.
import cassandra from 'cassandra-driver';
import { Redis } from 'ioredis';
import pg from 'pg';
import { testSettings } from './test-settings.ts';
import { uniqueName } from './unique-name.ts';

/** An empty PostgreSQL database of one's own. */
export async function freshDatabase(): Promise<{ POSTGRES_URL: string; drop(): Promise<void> }> {
  const name = uniqueName('test');
  const url = new URL(testSettings().POSTGRES_URL);
  await inDatabaseServer(`create database ${name}`);
  url.pathname = name;
  return { POSTGRES_URL: url.href, drop: () => inDatabaseServer(`drop database ${name} with (force)`) };
}

async function inDatabaseServer(statement: string): Promise<void> {
  const url = new URL(testSettings().POSTGRES_URL);
  url.pathname = 'postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** An empty Cassandra keyspace of one's own. */
export async function freshKeyspace(): Promise<{ CASSANDRA_KEYSPACE: string; drop(): Promise<void> }> {
  const name = uniqueName('test');
  const replication = `{ 'class': 'SimpleStrategy', 'replication_factor': 1 }`;
  await inCassandra(`CREATE KEYSPACE ${name} WITH replication = ${replication}`);
  return { CASSANDRA_KEYSPACE: name, drop: () => inCassandra(`DROP KEYSPACE ${name}`) };
}

async function inCassandra(statement: string): Promise<void> {
  const { CASSANDRA_CONTACT_POINTS, CASSANDRA_LOCAL_DC } = testSettings();
  const client = new cassandra.Client({
    contactPoints: CASSANDRA_CONTACT_POINTS.split(','),
    localDataCenter: CASSANDRA_LOCAL_DC,
    // Changes of the schema run one after another, those of other test files included.
    socketOptions: { readTimeout: 60_000 },
    monitorReporting: { enabled: false },
  });
  try {
    await client.execute(statement);
  } finally {
    await client.shutdown();
  }
}

/** A Redis key prefix of one's own; `drop` deletes every key under it. */
export function freshRedisPrefix(): { REDIS_KEY_PREFIX: string; drop(): Promise<void> } {
  const prefix = `${uniqueName('test')}:`;
  return {
    REDIS_KEY_PREFIX: prefix,
    drop: async () => {
      const client = new Redis(testSettings().REDIS_URL);
      for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1_000 })) {
        const found = keys as string[];
        if (found.length > 0) await client.unlink(found);
      }
      await client.quit();
    },
  };
}
