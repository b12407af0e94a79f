import { topicNames } from '@shopstream/contracts';
import { createLogger, createMetrics } from '@shopstream/platform';
import { type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import {
  freshDatabase,
  freshKeyspace,
  freshRedisPrefix,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import { z } from 'zod';
import { runOk } from './run.ts';

export interface Environment {
  /** What every service and command finds in its environment. */
  env: Record<string, string>;
  streams: Streams;
  remove(): Promise<void>;
}

/** Topics, database, keyspace and keys of one's own on the test servers, provisioned. */
export async function freshEnvironment(options: { partitions?: number; env?: object }): Promise<Environment> {
  const [database, keyspace, redis] = [await freshDatabase(), await freshKeyspace(), freshRedisPrefix()];
  const env: Record<string, string> = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: `${uniqueName('e2e')}.`,
    POSTGRES_URL: database.POSTGRES_URL,
    CASSANDRA_KEYSPACE: keyspace.CASSANDRA_KEYSPACE,
    REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX,
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const streams = createStreams(z.object(kafkaConfigShape).parse(env), {
    name: 'e2e',
    logger: createLogger({ name: 'e2e', level: 'silent' }),
    metrics: createMetrics('e2e'),
  });
  await streams.registerSchemas();
  const { partitions } = options;
  await streams.admin.createTopics(topicNames, partitions === undefined ? {} : { partitions });
  for (const app of ['catalog', 'interactions']) await runOk([`apps/${app}/dist/migrate.js`], env);
  return {
    env,
    streams,
    async remove() {
      await streams.admin.stop();
      await Promise.all([database.drop(), keyspace.drop(), redis.drop()]);
    },
  };
}
