import { type Environment, baseServiceConfig, envInteger, parseEnv } from '@shopstream/platform';
import { kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseServiceConfig(8088),
  ...kafkaConfigShape,
  /** Between two looks at the platform. */
  CHECK_INTERVAL_MS: envInteger({ min: 500, max: 60_000 }).default(10_000),
  /** How long a test has to do better before it counts as recovered. */
  RECOVERY_MS: envInteger({ min: 0 }).default(60_000),
  /** Where messages go; a secret. Without it there are none. */
  SLACK_WEBHOOK: z.url({ protocol: /^https?$/ }).optional(),
  /** From which level on there are messages. */
  ALERT_LEVEL: z.enum(['warn', 'error']).default('warn'),
});

export type Config = z.output<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseEnv(configSchema, env);
