import type { HalfLives } from './half-lives.ts';
import { toDecayedScore } from './decay.ts';
import { engagementWeight, isItemEvent } from './feature-event.ts';
import type { FeatureEvent, ItemEvent } from './feature-event.ts';
import type { Addition, FeatureChanges } from './feature-store.ts';
import { pairWith } from './session-window.ts';
import type { SessionWindow } from './session-window.ts';

/**
 * What a batch of one source partition changes.
 * @param windowOf the session's items before the batch; takes up the batch's events
 */
export function toChanges(
  events: readonly FeatureEvent[],
  options: { source: string; halfLives: HalfLives; windowOf: (event: ItemEvent) => SessionWindow },
): FeatureChanges {
  const { source, halfLives } = options;
  const itemEvents = events.filter(isItemEvent);
  return {
    source,
    users: toUsers(events),
    trending: toTrending(itemEvents, halfLives.trendingMs),
    neighbours: toNeighbours(itemEvents, options.windowOf, halfLives.neighboursMs),
  };
}

function toUsers(events: readonly FeatureEvent[]): FeatureChanges['users'] {
  const users = new Map<string, { namespace: string; userId: string; events: FeatureEvent[] }>();
  for (const event of events) {
    const { namespace, userId } = event;
    if (userId === null) continue;
    getOrAdd(users, `${namespace}:${userId}`, () => ({ namespace, userId, events: [] })).events.push(event);
  }
  return [...users.values()];
}

function toTrending(events: readonly ItemEvent[], halfLifeMs: number): FeatureChanges['trending'] {
  const lists = new Map<string, { namespace: string; category?: string; additions: Addition[] }>();
  for (const { offset, namespace, category, productId, eventType, timeMs } of events) {
    const weight = engagementWeight(eventType);
    if (weight === 0) continue;
    const addition = { offset, member: productId, score: toDecayedScore(timeMs, weight, halfLifeMs) };
    getOrAdd(lists, namespace, () => ({ namespace, additions: [] })).additions.push(addition);
    if (category === null) continue;
    const list = getOrAdd(lists, `${namespace}:${category}`, () => ({ namespace, category, additions: [] }));
    list.additions.push(addition);
  }
  return [...lists.values()];
}

function toNeighbours(
  events: readonly ItemEvent[],
  windowOf: (event: ItemEvent) => SessionWindow,
  halfLifeMs: number,
): FeatureChanges['neighbours'] {
  const items = new Map<string, { namespace: string; productId: string; additions: Addition[] }>();
  for (const event of events) {
    const { namespace, offset, productId } = event;
    const add = (from: string, member: string, score: number) =>
      getOrAdd(items, `${namespace}:${from}`, () => ({
        namespace,
        productId: from,
        additions: [],
      })).additions.push({ offset, member, score });
    for (const { otherId, weight } of pairWith(windowOf(event), event)) {
      const score = toDecayedScore(event.timeMs, weight, halfLifeMs);
      add(productId, otherId, score);
      add(otherId, productId, score);
    }
  }
  return [...items.values()];
}

function getOrAdd<T>(map: Map<string, T>, key: string, create: () => T): T {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
