import { baseServiceConfig, type Environment, envInteger, parseEnv } from '@shopstream/platform';
import { redisConfig } from '@shopstream/stores';
import { kafkaConfigShape, stageConfigShape } from '@shopstream/streams';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseServiceConfig(8081),
  ...kafkaConfigShape,
  ...stageConfigShape,
  ...redisConfig,
  /** How long a request waits for Kafka's acknowledgement before it is answered 503. */
  ACK_TIMEOUT_MS: envInteger({ min: 100, max: 60_000 }).default(5_000),
  /** Rows that may wait for their acknowledgement; a request beyond that is answered 503 at once. */
  MAX_UNACKNOWLEDGED_ROWS: envInteger({ min: 1_000 }).default(20_000),
});

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);
