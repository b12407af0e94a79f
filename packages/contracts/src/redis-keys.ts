// Features and claims in Redis. `features` is the only writer, of claims `ingestion`; anyone may read. The part in braces is the
// cluster's hash tag: what one script touches lives in one slot. Keys come without REDIS_KEY_PREFIX, which the connection adds.
import type { EventType } from './event-types.ts';

const tag = (namespace: string, kind: 'u' | 's' | 'i' | 'c', id: string): string =>
  `{${namespace}:${kind}:${id}}`;

/** Keys of one user, all in one slot. `userId` is the events' `user_identifier`. */
export function userKeys(namespace: string, userId: string) {
  const slot = tag(namespace, 'u', userId);
  return {
    /** zset: `recentMember` → event time, epoch ms. At most 100. */
    recent: `recent:${slot}`,
    /** zset: product → time of its last purchase, epoch ms. At most 500. */
    purchased: `purchased:${slot}`,
    /** hash: `last_interaction_time` (epoch seconds), `avg_session_length` (minutes), `session_count`; other fields are the writer's own. */
    features: `user_features:${slot}`,
    /** hash: product → page views. At most 1,000 products. */
    productViews: `user_product_views:${slot}`,
    /** hash: product → purchased lines. At most 1,000 products. */
    productPurchases: `user_product_purchases:${slot}`,
    /** hash: product → `averageTimeMs` text. At most 1,000 products. */
    productAvgTime: `user_product_avg_time:${slot}`,
    /** hash: category → page views. At most 200 categories. */
    categoryViews: `user_category_views:${slot}`,
    /** hash: category → purchased lines. At most 200 categories. */
    categoryPurchases: `user_category_purchases:${slot}`,
    /** zset: product → time of the user's last event with it; decides which products of the hashes are dropped. */
    products: `user_products:${slot}`,
    /** hash: session → first and last event time. The writer's own. */
    sessions: `user_sessions:${slot}`,
  };
}

/** Keys of one session. */
export function sessionKeys(namespace: string, sessionId: string) {
  return {
    /** zset: `recentMember` → event time, epoch ms. At most 100; purchases of the session are among them. */
    recent: `recent:${tag(namespace, 's', sessionId)}`,
  };
}

/** Keys of one item, all in one slot. */
export function itemKeys(namespace: string, productId: string) {
  const slot = tag(namespace, 'i', productId);
  return {
    /** zset: product seen together with this one → decayed score. The best 100, at times up to 120. */
    neighbours: `neighbours:${slot}`,
    /** hash: source partition → last applied offset. The writer's own. */
    neighboursRevision: `neighbours_rev:${slot}`,
    /** hash: the columns of the item's latest popularity row that are numbers or booleans, and `score` (decayed); others are the writer's own. */
    popularity: `item_popularity:${slot}`,
  };
}

/** Keys of one category, or of the whole namespace without one. */
export function categoryKeys(namespace: string, category?: string) {
  const slot = category === undefined ? `{${namespace}:all}` : tag(namespace, 'c', category);
  return {
    /** zset: product → decayed score of the events of the last days. The best 1,000, at times up to 1,200. */
    trending: `trending:${slot}`,
    /** hash: source partition → last applied offset. The writer's own. */
    trendingRevision: `trending_rev:${slot}`,
    /** zset: product → decayed score of its popularity windows. At most 1,000. */
    popular: `popular:${slot}`,
  };
}

/** string, for a day: `{partition}:{offset}` of the clickstream record that carries an event; any other with its id is a duplicate. */
export const claimKey = (namespace: string, eventId: string): string => `dedupe:${namespace}:${eventId}`;

export interface RecentItem {
  eventType: EventType;
  productId: string;
}

/** Member of `recent`: the newest time of one event type with one product. Event types hold no `|`. */
export const recentMember = (item: RecentItem): string => `${item.eventType}|${item.productId}`;

export function parseRecentMember(member: string): RecentItem {
  const separator = member.indexOf('|');
  return {
    eventType: member.slice(0, separator) as EventType,
    productId: member.slice(separator + 1),
  };
}

/** Mean of a `productAvgTime` value, which is written `{sum of ms} {visits}`. */
export function averageTimeMs(text: string): number {
  const [sumMs = 0, visits = 1] = text.split(' ').map(Number);
  return sumMs / visits;
}

const HOUR_MS = 3_600_000;

/** Half-lives unless the features service is told otherwise. */
export const DEFAULT_HALF_LIFE_MS = {
  trending: 24 * HOUR_MS,
  neighbours: 14 * 24 * HOUR_MS,
  popular: 7 * 24 * HOUR_MS,
} as const;

/**
 * What a decayed score is worth at `atMs`. A score is a time (epoch ms): that of the single event of weight 1 which would be
 * worth as much, so scores keep their order for ever and never need rewriting. One half-life more doubles the worth.
 * @example decayedWorth(score, Date.now(), DEFAULT_HALF_LIFE_MS.trending)
 */
export const decayedWorth = (score: number, atMs: number, halfLifeMs: number): number =>
  2 ** ((score - atMs) / halfLifeMs);
