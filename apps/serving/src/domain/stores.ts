import type { HistoryCursor } from '@shopstream/contracts';
import type { Activity, History, Scored } from '@shopstream/recommender';

/** Who asks. */
export interface Shopper {
  namespace: string;
  userId: string;
  sessionId: string | undefined;
}

/** What the features service knows of a shopper. */
export interface ShopperFeatures {
  history: History;
  /** Everything bought, also longer ago than the history reaches. */
  purchased: readonly string[];
  /** Category to any positive weight. */
  categoryWeights: ReadonlyMap<string, number>;
}

/** What everybody looks at, strongest first. */
export interface CrowdLists {
  trending: readonly Scored[];
  popular: readonly Scored[];
}

/** Every read takes one round trip and rejects when it misses its deadline. */
export interface FeatureStore {
  shopper(shopper: Shopper): Promise<ShopperFeatures>;
  /** Neighbours by item, strongest first, their scores in (0, 1]. */
  neighbours(namespace: string, itemIds: readonly string[]): Promise<ReadonlyMap<string, readonly Scored[]>>;
  /** Lists of one category, or of all. */
  crowd(namespace: string, category?: string): Promise<CrowdLists>;
}

/** One thing a user did; `itemId` null for what names no item. */
export interface Interaction extends Omit<Activity, 'itemId' | 'eventType'> {
  eventId: string;
  itemId: string | null;
  action: string;
  sessionId: string;
  context: Readonly<Record<string, string>>;
}

export interface HistoryQuery {
  namespace: string;
  userId: string;
  limit: number;
  before?: { timeMs: number } | HistoryCursor | undefined;
}

export interface HistoryStore {
  /** At most `limit` interactions, newest first, all older than `before`. Rejects when it misses its deadline. */
  newest(query: HistoryQuery): Promise<Interaction[]>;
}

/** Changes of the catalogue. */
export interface ItemChanges<Row> {
  /** Gives every row changed at or after `since` to `take`; all rows when absent. @returns where to go on from */
  read(since: string | undefined, take: (rows: Row[]) => void): Promise<string>;
}
