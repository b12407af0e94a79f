import { disliked, inCart, justViewed, lastViewed, purchased } from './history.ts';
import type { History } from './history.ts';
import type { RankableItem, Surface } from './types.ts';

/** What a request rules out. */
export interface Constraints {
  surface: Surface;
  /** Only items of this category, compared without regard to case. */
  category?: string | undefined;
  excluded: ReadonlySet<string>;
}

/** `allowed`: never broken. `fresh`: broken only when a list would otherwise be too short. */
export interface Eligibility {
  allowed(item: RankableItem): boolean;
  fresh(itemId: string): boolean;
}

const justViewedItems = 10;

/**
 * Rules out what is unavailable, excluded, of another category, bought or disliked, on a product page the item shown and
 * in the cart what is in it. The session's last views are not fresh.
 */
export function eligibilityOf(history: History, constraints: Constraints): Eligibility {
  const ruledOut = new Set([...constraints.excluded, ...purchased(history), ...disliked(history)]);
  for (const itemId of currentItems(history, constraints.surface)) ruledOut.add(itemId);
  const viewed = justViewed(history, justViewedItems);
  const category = constraints.category?.toLowerCase();
  return {
    allowed: (item) =>
      item.available &&
      !ruledOut.has(item.itemId) &&
      (category === undefined || item.category?.toLowerCase() === category),
    fresh: (itemId) => !viewed.has(itemId),
  };
}

function currentItems(history: History, surface: Surface): Iterable<string> {
  if (surface === 'cart') return inCart(history);
  const shown = surface === 'pdp' ? lastViewed(history) : undefined;
  return shown === undefined ? [] : [shown];
}
