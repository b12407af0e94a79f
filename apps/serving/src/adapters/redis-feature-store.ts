import {
  categoryKeys,
  DEFAULT_EVENT_WEIGHTS,
  DEFAULT_HALF_LIFE_MS,
  decayedWorth,
  isEventType,
  itemKeys,
  parseRecentMember,
  sessionKeys,
  userKeys,
} from '@shopstream/contracts';
import { ServiceError, withDeadline } from '@shopstream/platform';
import type { Activity, Scored } from '@shopstream/recommender';
import type { Redis } from '@shopstream/stores';
import type { FeatureStore } from '../domain/stores.ts';

const recentEvents = 50;
const purchasedItems = 500;
const neighboursPerItem = 25;
const crowdItems = 300;

type Pipeline = ReturnType<Redis['pipeline']>;

/** Nothing waits for a connection: while it is away, reads fail at once. */
export function createRedisFeatureStore(redis: Redis, { timeoutMs }: { timeoutMs: number }): FeatureStore {
  async function run(fill: (pipeline: Pipeline) => void): Promise<unknown[]> {
    if (redis.status !== 'ready') {
      throw new ServiceError('STORE_UNAVAILABLE', 'redis is not connected', { retriable: true });
    }
    const pipeline = redis.pipeline();
    fill(pipeline);
    const replies = await withDeadline(pipeline.exec(), timeoutMs, 'redis');
    return (replies ?? []).map(([error, reply]) => {
      if (error) throw error;
      return reply;
    });
  }

  return {
    async shopper({ namespace, userId, sessionId }) {
      const user = userKeys(namespace, userId);
      const [userRecent, purchased, views, purchases, sessionRecent] = await run((pipeline) => {
        pipeline.zrevrange(user.recent, 0, recentEvents - 1, 'WITHSCORES');
        pipeline.zrevrange(user.purchased, 0, purchasedItems - 1);
        pipeline.hgetall(user.categoryViews).hgetall(user.categoryPurchases);
        if (sessionId !== undefined) {
          pipeline.zrevrange(sessionKeys(namespace, sessionId).recent, 0, recentEvents - 1, 'WITHSCORES');
        }
      });
      return {
        history: { user: toActivities(userRecent), session: toActivities(sessionRecent) },
        purchased: purchased as string[],
        categoryWeights: toCategoryWeights(views, purchases),
      };
    },

    async neighbours(namespace, itemIds) {
      if (itemIds.length === 0) return new Map();
      const lists = await run((pipeline) => {
        for (const itemId of itemIds) {
          const { neighbours } = itemKeys(namespace, itemId);
          pipeline.zrevrange(neighbours, 0, neighboursPerItem - 1, 'WITHSCORES');
        }
      });
      return new Map(
        itemIds.map((itemId, index) => [itemId, toScored(lists[index], DEFAULT_HALF_LIFE_MS.neighbours)]),
      );
    },

    async crowd(namespace, category) {
      const keys = categoryKeys(namespace, category);
      const [trending, popular] = await run((pipeline) => {
        pipeline.zrevrange(keys.trending, 0, crowdItems - 1, 'WITHSCORES');
        pipeline.zrevrange(keys.popular, 0, crowdItems - 1, 'WITHSCORES');
      });
      return {
        trending: toScored(trending, DEFAULT_HALF_LIFE_MS.trending),
        popular: toScored(popular, DEFAULT_HALF_LIFE_MS.popular),
      };
    },
  };
}

function toActivities(reply: unknown): Activity[] {
  return pairs(reply).flatMap(([member, score]) => {
    const { eventType, productId } = parseRecentMember(member);
    return isEventType(eventType) ? [{ itemId: productId, eventType, at: score }] : [];
  });
}

/** Decayed scores as shares of the strongest, which is 1. */
function toScored(reply: unknown, halfLifeMs: number): Scored[] {
  const members = pairs(reply);
  const strongest = members[0]?.[1] ?? 0;
  return members.map(([itemId, score]) => ({ itemId, score: decayedWorth(score, strongest, halfLifeMs) }));
}

function toCategoryWeights(views: unknown, purchases: unknown): Map<string, number> {
  const weights = new Map<string, number>();
  for (const [counts, weight] of [
    [views, DEFAULT_EVENT_WEIGHTS.page_view],
    [purchases, DEFAULT_EVENT_WEIGHTS.purchase],
  ] as const) {
    for (const [category, count] of Object.entries(counts as Record<string, string>)) {
      weights.set(category, (weights.get(category) ?? 0) + weight * Number(count));
    }
  }
  return weights;
}

/** Members with their scores, as Redis lays them out one after the other. */
function pairs(reply: unknown): [string, number][] {
  const flat = (reply ?? []) as string[];
  return Array.from({ length: flat.length / 2 }, (_, index) => [
    flat[2 * index] ?? '',
    Number(flat[2 * index + 1]),
  ]);
}
