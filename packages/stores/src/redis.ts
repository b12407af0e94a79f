import { Redis } from 'ioredis';
import { z } from 'zod';
import { checkReady, describe, storeUnavailable } from './store.ts';
import type { Store, StoreDeps } from './store.ts';

export type { Redis };

/** Settings, to be spread into a service's schema. Every key a command names gets the prefix. */
export const redisConfig = {
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
    .default('redis://127.0.0.1:16379'),
  REDIS_KEY_PREFIX: z.string().default(''),
};

export type RedisConfig = z.output<z.ZodObject<typeof redisConfig>>;

export interface RedisStore extends Store {
  readonly client: Redis;
}

/**
 * Redis with bounded waiting: a command fails when it has no answer within `commandTimeoutMs`, or after three
 * reconnections. Lost connections come back by themselves.
 * @example const redis = connectRedis(config, { logger }); inOrder([redis, stage]);
 */
export function connectRedis(
  config: RedisConfig,
  deps: StoreDeps & { commandTimeoutMs?: number },
): RedisStore {
  const client = new Redis(config.REDIS_URL, {
    keyPrefix: config.REDIS_KEY_PREFIX,
    lazyConnect: true,
    connectTimeout: 5_000,
    commandTimeout: deps.commandTimeoutMs ?? 2_000,
    maxRetriesPerRequest: 3,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 2_000),
  });
  client.on('error', (error) =>
    deps.logger.warn({ store: 'redis', ...describe(error) }, 'store connection failed'),
  );

  return {
    name: 'redis',
    client,
    async start() {
      try {
        await client.ping();
      } catch (error) {
        client.disconnect();
        throw storeUnavailable('redis', error);
      }
    },
    async stop() {
      if (client.status === 'ready') await client.quit();
      else client.disconnect();
    },
    ready: () => checkReady('redis', () => client.ping()),
  };
}
