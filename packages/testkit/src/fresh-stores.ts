import { createLogger } from '@shopstream/platform';
import { connectCassandra, connectPostgres, connectRedis } from '@shopstream/stores';
import { testSettings } from './test-settings.ts';
import { uniqueName } from './unique-name.ts';

const logger = createLogger({ name: 'testkit', level: 'silent' });

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
  const postgres = connectPostgres({ POSTGRES_URL: url.href }, { logger, poolSize: 1 });
  await postgres.start();
  try {
    await postgres.pool.query(statement);
  } finally {
    await postgres.stop();
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
  const config = {
    CASSANDRA_CONTACT_POINTS: CASSANDRA_CONTACT_POINTS.split(','),
    CASSANDRA_LOCAL_DC,
    CASSANDRA_KEYSPACE: '',
  };
  const cassandra = connectCassandra(config, { logger, keyspace: 'none' });
  await cassandra.start();
  try {
    await cassandra.client.execute(statement, [], { prepare: false });
  } finally {
    await cassandra.stop();
  }
}

/** A Redis key prefix of one's own; `drop` deletes every key under it. */
export function freshRedisPrefix(): { REDIS_KEY_PREFIX: string; drop(): Promise<void> } {
  const prefix = `${uniqueName('test')}:`;
  return {
    REDIS_KEY_PREFIX: prefix,
    drop: async () => {
      const { REDIS_URL } = testSettings();
      const redis = connectRedis({ REDIS_URL, REDIS_KEY_PREFIX: '' }, { logger });
      await redis.start();
      for await (const keys of redis.client.scanStream({ match: `${prefix}*`, count: 1_000 })) {
        const found = keys as string[];
        if (found.length > 0) await redis.client.unlink(found);
      }
      await redis.stop();
    },
  };
}
