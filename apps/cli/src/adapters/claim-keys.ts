import { createLogger } from '@shopstream/platform';
import { connectRedis } from '@shopstream/stores';
import type { CliConfig } from '../config.ts';

const KEYS_A_SCAN = 1_000;

/** Deletes every key under a prefix: the claims of a cleaning stage that is not to be run again. */
export async function removeKeys(config: CliConfig, prefix: string): Promise<void> {
  const logger = createLogger({ name: 'cli', level: 'silent' });
  const redis = connectRedis({ ...config, REDIS_KEY_PREFIX: '' }, { logger });
  await redis.start();
  try {
    const match = `${prefix.replace(/[*?[\]\\]/g, '\\$&')}*`;
    for await (const keys of redis.client.scanStream({ match, count: KEYS_A_SCAN })) {
      const found = keys as string[];
      if (found.length > 0) await redis.client.unlink(found);
    }
  } finally {
    await redis.stop();
  }
}
