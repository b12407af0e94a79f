import { baseServiceConfig, envInteger, parseEnv } from '@shopstream/platform';
import type { Environment } from '@shopstream/platform';
import { cassandraConfig } from '@shopstream/stores';
import { kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseServiceConfig(8086),
  ...kafkaConfigShape,
  ...cassandraConfig,
  /** Writes that may wait for Cassandra at once. */
  MAX_WRITES_IN_FLIGHT: envInteger({ min: 1, max: 2_048 }).default(128),
});

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);

/** Settings of the migration alone. */
export const migrationConfigSchema = z.object({
  LOG_LEVEL: baseServiceConfig(8086).LOG_LEVEL,
  ...cassandraConfig,
  /** Copies of every row in CASSANDRA_LOCAL_DC; takes effect when the keyspace is created. */
  CASSANDRA_REPLICATION_FACTOR: envInteger({ min: 1, max: 9 }).default(1),
});

export type MigrationConfig = z.output<typeof migrationConfigSchema>;

export const loadMigrationConfig = (env: Environment = process.env): MigrationConfig =>
  parseEnv(migrationConfigSchema, env);
