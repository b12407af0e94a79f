import { type Environment, baseServiceConfig, parseEnv } from '@shopstream/platform';
import { envInputPrefix, kafkaConfigShape, stageConfigShape } from '@shopstream/streams';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseServiceConfig(8083),
  ...kafkaConfigShape,
  ...stageConfigShape,
  /** Of the products; that of the other input by default. */
  PRODUCTS_TOPIC_PREFIX: envInputPrefix().optional(),
});

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);
