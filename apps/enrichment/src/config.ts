import { type Environment, baseServiceConfig, parseEnv } from '@shopstream/platform';
import { kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';

export const configSchema = z.object({ ...baseServiceConfig(8083), ...kafkaConfigShape });

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);
