// Every write can be repeated: scripts skip offsets they have applied, the rest are upserts that only move forward (ZADD GT).
import {
  categoryKeys,
  itemKeys,
  parseRecentMember,
  recentMember,
  sessionKeys,
  userKeys,
} from '@shopstream/contracts';
import type { Redis } from '@shopstream/stores';
import type { HalfLives } from '../domain/half-lives.ts';
import type { ItemEvent } from '../domain/feature-event.ts';
import type { Addition, FeatureChanges, FeatureStore, Session } from '../domain/feature-store.ts';
import { limits, timeToLiveMs } from '../domain/limits.ts';
import type { RecentEvent } from '../domain/session-window.ts';
import { applyPopularityRows } from './popularity.ts';
import { createPipelines } from './scripted-redis.ts';
import type { RunPipeline } from './scripted-redis.ts';

export function createRedisFeatureStore(redis: Redis, halfLives: HalfLives): FeatureStore {
  const run = createPipelines(redis);
  return {
    recentOf: (sessions) => recentOf(run, sessions),
    apply: (changes) => applyChanges(run, changes, halfLives),
    remember: (events) => rememberInSessions(run, events),
    applyPopularity: (rows) => applyPopularityRows(run, rows, halfLives.popularMs),
  };
}

async function recentOf(run: RunPipeline, sessions: readonly Session[]): Promise<RecentEvent[][]> {
  const replies = await run((pipeline) => {
    for (const { namespace, sessionId } of sessions) {
      pipeline.zrange(sessionKeys(namespace, sessionId).recent, 0, '-1', 'WITHSCORES');
    }
  });
  return (replies as string[][]).map(toRecentEvents);
}

function toRecentEvents(flat: readonly string[]): RecentEvent[] {
  const events: RecentEvent[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    events.push({ ...parseRecentMember(flat[i] ?? ''), timeMs: Number(flat[i + 1]) });
  }
  return events;
}

async function applyChanges(
  run: RunPipeline,
  { source, users, neighbours, trending }: FeatureChanges,
  halfLives: HalfLives,
): Promise<{ applied: number; alreadyApplied: number }> {
  const replies = await run((pipeline) => {
    for (const user of users) pipeline.updateUser(...userArguments(source, user));
    for (const { namespace, productId, additions } of neighbours) {
      const keys = itemKeys(namespace, productId);
      const head = [source, halfLives.neighboursMs, limits.neighbours, timeToLiveMs.item];
      pipeline.addDecayed(keys.neighbours, keys.neighboursRevision, ...head, ...flatten(additions));
    }
    for (const { namespace, category, additions } of trending) {
      const keys = categoryKeys(namespace, category);
      const head = [source, halfLives.trendingMs, limits.ranking, timeToLiveMs.ranking];
      pipeline.addDecayed(keys.trending, keys.trendingRevision, ...head, ...flatten(additions));
    }
  });
  const applied = (replies as number[]).reduce((sum, count) => sum + count, 0);
  const lists = [
    ...users.map((user) => user.events),
    ...[...neighbours, ...trending].map((x) => x.additions),
  ];
  const sent = lists.reduce((sum, list) => sum + list.length, 0);
  return { applied, alreadyApplied: sent - applied };
}

function userArguments(source: string, { namespace, userId, events }: FeatureChanges['users'][number]) {
  const keys = userKeys(namespace, userId);
  return [
    keys.recent,
    keys.purchased,
    keys.features,
    keys.productViews,
    keys.productPurchases,
    keys.productAvgTime,
    keys.categoryViews,
    keys.categoryPurchases,
    keys.products,
    keys.sessions,
    source,
    limits.recent,
    limits.purchased,
    limits.products,
    limits.categories,
    limits.sessions,
    timeToLiveMs.user,
    ...events.flatMap((event) => [
      String(event.offset),
      event.eventType,
      event.productId ?? '',
      event.category ?? '',
      event.timeMs,
      event.dwellMs ?? '',
      event.sessionId,
    ]),
  ];
}

const flatten = (additions: readonly Addition[]) =>
  additions.flatMap(({ offset, member, score }) => [String(offset), member, score]);

async function rememberInSessions(run: RunPipeline, events: readonly ItemEvent[]): Promise<void> {
  const sessions = new Map<string, (string | number)[]>();
  for (const event of events) {
    const key = sessionKeys(event.namespace, event.sessionId).recent;
    const members = sessions.get(key) ?? [];
    members.push(event.timeMs, recentMember({ eventType: event.eventType, productId: event.productId }));
    sessions.set(key, members);
  }
  await run((pipeline) => {
    for (const [key, members] of sessions) {
      pipeline.rememberSession(key, limits.recent, timeToLiveMs.session, ...members);
    }
  });
}
