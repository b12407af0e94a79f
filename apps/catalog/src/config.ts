import { baseServiceConfig, parseEnv } from '@shopstream/platform';
import type { Environment } from '@shopstream/platform';
import { postgresConfig } from '@shopstream/stores';
import { kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseServiceConfig(8082),
  ...postgresConfig,
  ...kafkaConfigShape,
});

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);

/** Settings of the migration alone. */
export const loadMigrationConfig = (env: Environment = process.env) =>
  parseEnv(configSchema.pick({ LOG_LEVEL: true, POSTGRES_URL: true }), env);
