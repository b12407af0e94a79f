import { baseServiceConfig, envInteger, parseEnv } from '@shopstream/platform';
import type { Environment } from '@shopstream/platform';
import { cassandraConfig, postgresConfig, redisConfig } from '@shopstream/stores';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseServiceConfig(8080),
  ...redisConfig,
  ...postgresConfig,
  ...cassandraConfig,
  INGESTION_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .default('http://127.0.0.1:8081'),
  /** After this a recommendation goes out without what Redis had to say. */
  REDIS_TIMEOUT_MS: envInteger({ min: 1, max: 10_000 }).default(30),
  /** After this a history is refused. */
  CASSANDRA_TIMEOUT_MS: envInteger({ min: 1, max: 10_000 }).default(100),
  /** Items kept in memory, some 600 bytes each; further ones are not served. */
  CATALOG_MAX_ITEMS: envInteger({ min: 1 }).default(500_000),
});

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);
