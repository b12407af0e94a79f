import type { ItemInput, ItemWritten } from '@shopstream/contracts';
import type { Item } from './item.ts';
import type { Moment } from './judge.ts';

export interface StoredItem extends Item {
  created_at: number;
}

/** Keeps items; each version it writes is published, in order per item. Throws a retriable ServiceError when it does not answer. */
export interface ItemStore {
  /** All or nothing; one result per input, in order. */
  upsert(inputs: readonly ItemInput[], moment: Moment): Promise<ItemWritten[]>;
  /** Null when there is no such item. */
  archive(itemId: string, moment: Moment): Promise<ItemWritten | null>;
  find(namespace: string, itemId: string): Promise<StoredItem | null>;
  /** In order of item id. */
  list(namespace: string, page: { limit: number; after?: string | undefined }): Promise<StoredItem[]>;
}
