import { DEFAULT_HALF_LIFE_MS } from '@shopstream/contracts';
import { baseServiceConfig, envInteger, parseEnv } from '@shopstream/platform';
import type { Environment } from '@shopstream/platform';
import { redisConfig } from '@shopstream/stores';
import { kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';
import type { HalfLives } from './domain/half-lives.ts';

const HOUR_MS = 3_600_000;
const hours = (defaultMs: number) => envInteger({ min: 1, max: 10_000 }).default(defaultMs / HOUR_MS);

export const configSchema = z.object({
  ...baseServiceConfig(8087),
  ...kafkaConfigShape,
  ...redisConfig,
  /** Event time after which an event counts half. Scores in Redis keep their meaning when these change. */
  TRENDING_HALF_LIFE_HOURS: hours(DEFAULT_HALF_LIFE_MS.trending),
  NEIGHBOURS_HALF_LIFE_HOURS: hours(DEFAULT_HALF_LIFE_MS.neighbours),
  POPULAR_HALF_LIFE_HOURS: hours(DEFAULT_HALF_LIFE_MS.popular),
});

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);

export const toHalfLives = (config: Config): HalfLives => ({
  trendingMs: config.TRENDING_HALF_LIFE_HOURS * HOUR_MS,
  neighboursMs: config.NEIGHBOURS_HALF_LIFE_HOURS * HOUR_MS,
  popularMs: config.POPULAR_HALF_LIFE_HOURS * HOUR_MS,
});
