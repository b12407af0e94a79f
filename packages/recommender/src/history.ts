import { DEFAULT_EVENT_WEIGHTS } from '@shopstream/contracts';
import type { EventType } from '@shopstream/contracts';
import type { Activity, Interest, Surface } from './types.ts';

/** What a shopper did lately; both lists in any order, an event may be in both. */
export interface History {
  session: readonly Activity[];
  user: readonly Activity[];
}

const minuteMs = 60_000;
const sessionHalfLifeMs = 30 * minuteMs;
const userHalfLifeMs = 7 * 24 * 60 * minuteMs;
/** What counts for more where: in the cart what is in it, under the orders what was bought. */
const surfaceBoosts: Partial<Record<Surface, Partial<Record<EventType, number>>>> = {
  cart: { add_to_cart: 3 },
  orders: { purchase: 3 },
};
const currentItemBoost = 4;
const seeds = 8;
const negativeSeeds = 2;

/**
 * Interest in each item of the history: the weights of its events (`DEFAULT_EVENT_WEIGHTS`), each halved every 30 minutes
 * for the session and every 7 days for the user; an event in both lists counts once, by whichever says more. On a
 * product page the item being looked at counts four times.
 * @returns strongest first, items without any interest left out
 */
export function interestsOf(history: History, surface: Surface, now: number): Interest[] {
  const byItem = new Map<string, Interest & { strongestWeight: number }>();
  for (const [activity, decayed] of decayedWeights(history, surface, now)) {
    const known = byItem.get(activity.itemId);
    if (!known) {
      byItem.set(activity.itemId, {
        itemId: activity.itemId,
        strength: decayed,
        strongest: activity.eventType,
        strongestWeight: decayed,
      });
      continue;
    }
    known.strength += decayed;
    if (decayed > known.strongestWeight) {
      known.strongest = activity.eventType;
      known.strongestWeight = decayed;
    }
  }
  const current = surface === 'pdp' ? byItem.get(lastViewed(history) ?? '') : undefined;
  if (current && current.strength > 0) current.strength *= currentItemBoost;
  return [...byItem.values()]
    .filter(({ strength }) => strength !== 0)
    .sort((a, b) => b.strength - a.strength || compareIds(a.itemId, b.itemId))
    .map(({ itemId, strength, strongest }) => ({ itemId, strength, strongest }));
}

/** The items whose neighbours are worth reading: the strongest interests and the strongest dislikes. */
export function seedsOf(interests: readonly Interest[]): string[] {
  const liked = interests.filter(({ strength }) => strength > 0).slice(0, seeds);
  const loathed = interests.filter(({ strength }) => strength < 0).slice(-negativeSeeds);
  return [...liked, ...loathed].map(({ itemId }) => itemId);
}

function decayedWeights(history: History, surface: Surface, now: number): Map<Activity, number> {
  const weights = new Map<string, [Activity, number]>();
  const boosts = surfaceBoosts[surface];
  const add = (activity: Activity, halfLifeMs: number): void => {
    const weight = DEFAULT_EVENT_WEIGHTS[activity.eventType] * (boosts?.[activity.eventType] ?? 1);
    if (weight === 0) return;
    const decayed = weight * 2 ** (-Math.max(0, now - activity.at) / halfLifeMs);
    const key = `${activity.itemId} ${activity.eventType} ${activity.at}`;
    const known = weights.get(key);
    if (!known || Math.abs(decayed) > Math.abs(known[1])) weights.set(key, [activity, decayed]);
  };
  for (const activity of history.session) add(activity, sessionHalfLifeMs);
  for (const activity of history.user) add(activity, userHalfLifeMs);
  return new Map(weights.values());
}

/** The newest item that was looked at in the session, which on a product page is the one being looked at. */
export function lastViewed({ session }: History): string | undefined {
  return viewedNewestFirst(session)[0]?.itemId;
}

/** The items of the session's last views, at most `count` of them. */
export function justViewed({ session }: History, count: number): Set<string> {
  const items = new Set<string>();
  for (const { itemId } of viewedNewestFirst(session)) {
    if (items.size === count) break;
    items.add(itemId);
  }
  return items;
}

/** Items bought, as far as the history reaches. */
export function purchased(history: History): Set<string> {
  return new Set(
    [...history.session, ...history.user]
      .filter(({ eventType }) => eventType === 'purchase')
      .map(({ itemId }) => itemId),
  );
}

/** Items disliked and not liked since. */
export function disliked(history: History): Set<string> {
  return lastStateIs(history, { on: 'dislike', off: ['like'] });
}

/** Items put into the cart and neither taken out nor bought since. */
export function inCart(history: History): Set<string> {
  return lastStateIs(history, { on: 'add_to_cart', off: ['remove_from_cart', 'purchase'] });
}

function lastStateIs(
  { session, user }: History,
  { on, off }: { on: EventType; off: readonly EventType[] },
): Set<string> {
  const items = new Set<string>();
  // Of two events at the same time the one that switches off counts.
  const events = [...session, ...user]
    .filter(({ eventType }) => eventType === on || off.includes(eventType))
    .sort((a, b) => a.at - b.at || Number(a.eventType !== on) - Number(b.eventType !== on));
  for (const { itemId, eventType } of events) {
    if (eventType === on) items.add(itemId);
    else items.delete(itemId);
  }
  return items;
}

function viewedNewestFirst(session: readonly Activity[]): Activity[] {
  return session
    .filter(({ eventType }) => eventType === 'page_view' || eventType === 'click')
    .sort((a, b) => b.at - a.at || compareIds(a.itemId, b.itemId));
}

/** By code unit, the same everywhere; locale rules differ between machines. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
