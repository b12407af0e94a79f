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

/** Everything under a prefix, by key without it. */
export async function dump(redis: Redis, prefix: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const batch of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
    for (const name of batch as string[]) {
      const key = name.slice(prefix.length);
      const isHash = (await redis.type(key)) === 'hash';
      found[key] = isHash ? await redis.hgetall(key) : await redis.zrange(key, 0, '-1', 'WITHSCORES');
    }
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}
