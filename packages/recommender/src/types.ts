import type { EventType } from '@shopstream/contracts';

/** Where a list is shown. */
export type Surface = 'homepage' | 'pdp' | 'cart' | 'orders' | 'category' | 'search';

/** One thing a shopper did with an item; `at` in epoch milliseconds. */
export interface Activity {
  itemId: string;
  eventType: EventType;
  at: number;
}

/** An item with a strength greater than 0; only the order and the ratios within one list have a meaning. */
export interface Scored {
  itemId: string;
  score: number;
}

/** What ranking needs to know of an item. */
export interface RankableItem {
  itemId: string;
  title: string;
  category: string | null;
  brand: string | null;
  /** In stock and not archived. */
  available: boolean;
}

/** Why an item is in the list, in the words shown to the shopper. */
export type Explanation =
  | { type: 'collaborative'; reason: string; similar_items: string[] }
  | { type: 'content_based'; reason: string; matching_attributes: string[] }
  | { type: 'trending' | 'popular'; reason: string };

export type CandidateSource = Explanation['type'];

export interface RankedItem<Item extends RankableItem = RankableItem> {
  item: Item;
  /** From 1, without gaps. */
  rank: number;
  /** In (0, 1], not increasing with rank. */
  score: number;
  source: CandidateSource;
  explanation: Explanation;
}

/** How much an item that the shopper met says about what they want next. */
export interface Interest {
  itemId: string;
  /** Negative after a dislike. */
  strength: number;
  /** The event that says most about it. */
  strongest: EventType;
}
