// A platform's own database, keyspace, keys and topics on servers that others may use as well.
import { randomBytes } from 'node:crypto';
import { createLogger } from '@shopstream/platform';
import { connectCassandra, connectPostgres, connectRedis } from '@shopstream/stores';
import { Kafka, logLevel } from 'kafkajs';

type Env = Record<string, string>;

const logger = createLogger({ name: 'bench', level: 'silent' });

export interface Isolation {
  env: Env;
  remove(): Promise<void>;
}

export async function isolate(connection: Env): Promise<Isolation> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const database = new URL(connection['POSTGRES_URL'] ?? '');
  database.pathname = name;
  await inPostgres(connection, `create database ${name}`);
  await inCassandra(
    connection,
    `CREATE KEYSPACE ${name} WITH replication = { 'class': 'SimpleStrategy', 'replication_factor': 1 }`,
  );
  return {
    env: {
      ...connection,
      POSTGRES_URL: database.href,
      CASSANDRA_KEYSPACE: name,
      REDIS_KEY_PREFIX: `${name}:`,
      KAFKA_TOPIC_PREFIX: `${name}.`,
    },
    async remove() {
      await inPostgres(connection, `drop database ${name} with (force)`);
      await inCassandra(connection, `DROP KEYSPACE ${name}`);
      await dropKeys(connection, `${name}:*`);
      await dropTopics(connection, `${name}.`);
    },
  };
}

async function inPostgres(connection: Env, statement: string): Promise<void> {
  const url = new URL(connection['POSTGRES_URL'] ?? '');
  url.pathname = 'postgres';
  const postgres = connectPostgres({ POSTGRES_URL: url.href }, { logger, poolSize: 1 });
  await postgres.start();
  await postgres.pool.query(statement).finally(() => postgres.stop());
}

async function inCassandra(connection: Env, statement: string): Promise<void> {
  const config = {
    CASSANDRA_CONTACT_POINTS: [connection['CASSANDRA_CONTACT_POINTS'] ?? ''],
    CASSANDRA_LOCAL_DC: connection['CASSANDRA_LOCAL_DC'] ?? '',
    CASSANDRA_KEYSPACE: '',
  };
  const cassandra = connectCassandra(config, { logger, keyspace: 'none' });
  await cassandra.start();
  await cassandra.client.execute(statement, [], { prepare: false }).finally(() => cassandra.stop());
}

async function dropKeys(connection: Env, match: string): Promise<void> {
  const redis = connectRedis({ REDIS_URL: connection['REDIS_URL'] ?? '', REDIS_KEY_PREFIX: '' }, { logger });
  await redis.start();
  for await (const keys of redis.client.scanStream({ match, count: 1_000 })) {
    const found = keys as string[];
    if (found.length > 0) await redis.client.unlink(found);
  }
  await redis.stop();
}

async function dropTopics(connection: Env, prefix: string): Promise<void> {
  const kafka = new Kafka({ brokers: [connection['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
}
