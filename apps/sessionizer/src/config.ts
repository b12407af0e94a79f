import { type Environment, baseServiceConfig, envInteger, parseEnv } from '@shopstream/platform';
import { kafkaConfigShape, stageConfigShape } from '@shopstream/streams';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseServiceConfig(8084),
  ...kafkaConfigShape,
  ...stageConfigShape,
  /** How far behind the newest event of its partition an event may be and still count. */
  OUT_OF_ORDERNESS_MS: envInteger({ min: 0 }).default(30_000),
  /** Least time between two rows of one open window. */
  INTERIM_MS: envInteger({ min: 100 }).default(1_000),
  /** After this long without input a live partition's event time follows the wall clock. */
  IDLE_MS: envInteger({ min: 1_000 }).default(60_000),
  /** Open windows of one partition; more is an error that stops the service. About 1 kB each. */
  MAX_OPEN_WINDOWS: envInteger({ min: 1 }).default(500_000),
});

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);
