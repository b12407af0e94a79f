// Co-visitation within a session. An event pairs its item with those before it only when it says more for the item than the session
// did so far: reloading a page says nothing new, and an event processed again finds itself already there.
import type { RecentItem } from '@shopstream/contracts';
import { engagementWeight } from './feature-event.ts';
import type { ItemEvent } from './feature-event.ts';

/** Items that one event is paired with: the session's last ones before it. */
export const PAIRED_ITEMS = 10;
/** Items further apart in event time than this are not seen together. */
export const PAIRED_WITHIN_MS = 3_600_000;

export interface Pair {
  otherId: string;
  /** Geometric mean of both events' weights over the distance in the session, 1 for the item just before. */
  weight: number;
}

interface SeenItem {
  timeMs: number;
  weight: number;
}

/** The distinct items of a session's recent events. */
export type SessionWindow = Map<string, SeenItem>;

export type RecentEvent = RecentItem & { timeMs: number };

export function toSessionWindow(recent: readonly RecentEvent[]): SessionWindow {
  const window: SessionWindow = new Map();
  for (const event of recent) remember(window, event);
  return window;
}

/** Adds the event to the window and answers the pairs it makes. */
export function pairWith(window: SessionWindow, event: ItemEvent): Pair[] {
  const weight = engagementWeight(event.eventType);
  const isMore = weight > (window.get(event.productId)?.weight ?? 0);
  const pairs = isMore ? pairsOf(window, event, weight) : [];
  remember(window, event);
  return pairs;
}

function pairsOf(window: SessionWindow, event: ItemEvent, weight: number): Pair[] {
  return [...window]
    .filter(
      ([productId, seen]) =>
        productId !== event.productId &&
        seen.weight > 0 &&
        Math.abs(event.timeMs - seen.timeMs) <= PAIRED_WITHIN_MS,
    )
    .sort(([idA, a], [idB, b]) => b.timeMs - a.timeMs || (idA < idB ? -1 : 1))
    .slice(0, PAIRED_ITEMS)
    .map(([otherId, seen], index) => ({
      otherId,
      weight: Math.sqrt(weight * seen.weight) / (index + 1),
    }));
}

function remember(window: SessionWindow, { productId, eventType, timeMs }: RecentEvent): void {
  const seen = window.get(productId) ?? { timeMs, weight: 0 };
  seen.timeMs = Math.max(seen.timeMs, timeMs);
  seen.weight = Math.max(seen.weight, engagementWeight(eventType));
  window.set(productId, seen);
}
