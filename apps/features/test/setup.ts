import type { EnrichedEvent } from '@shopstream/contracts';
import { createLogger } from '@shopstream/platform';
import { connectRedis } from '@shopstream/stores';
import type { Redis } from '@shopstream/stores';
import type { StreamRecord } from '@shopstream/streams';
import { freshRedisPrefix, testSettings } from '@shopstream/testkit';

export const dayMs = 86_400_000;
export const halfLives = { trendingMs: dayMs, neighboursMs: 14 * dayMs, popularMs: 7 * dayMs };

/** A Redis of one's own, as far as keys go. */
export function freshRedis() {
  const { drop, REDIS_KEY_PREFIX } = freshRedisPrefix();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const redis = connectRedis({ ...testSettings(), REDIS_KEY_PREFIX }, { logger });
  const stop = async () => {
    await redis.stop();
    await drop();
  };
  return { client: redis.client, prefix: REDIS_KEY_PREFIX, start: () => redis.start(), stop };
}

/** Records of one partition, offsets in their order. */
export const recordsOf = (
  events: readonly EnrichedEvent[],
  { partition = 0, from = 0 } = {},
): StreamRecord<'ecom.events-enriched.v1'>[] =>
  events.map((value, index) => ({
    topic: 'ecom.events-enriched.v1',
    partition,
    offset: BigInt(from + index),
    timestamp: value.timestamp,
    key: null,
    bytes: Buffer.alloc(0),
    value,
  }));

/** Everything that the keys hold, in the order of the keys. */
export const readAll = (redis: Redis, keys: readonly string[]): Promise<unknown[]> =>
  Promise.all(
    keys.map(async (key) =>
      (await redis.type(key)) === 'hash' ? redis.hgetall(key) : redis.zrange(key, 0, '-1', 'WITHSCORES'),
    ),
  );
