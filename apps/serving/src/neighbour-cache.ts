// Reading ten neighbour lists costs more than all the rest of a recommendation (measured: 0.75 of 1.8 ms CPU), and the same
// items come up again and again. What a shopper does reaches them by their history, so a list may be a little old.
import type { Scored } from '@shopstream/recommender';
import { LRUCache } from 'lru-cache';
import type { FeatureStore } from './domain/stores.ts';

const freshMs = 2_000;
/** A list of 25 takes some 3 kB. */
const maxLists = 10_000;

/** Neighbours of items, from memory when they were read in the last two seconds. */
export function createNeighbourCache(deps: {
  features: Pick<FeatureStore, 'neighbours'>;
  now: () => number;
}): Pick<FeatureStore, 'neighbours'> {
  const entries = new LRUCache<string, { list: readonly Scored[]; readAt: number }>({ max: maxLists });

  return {
    async neighbours(namespace, itemIds) {
      const lists = new Map<string, readonly Scored[]>();
      const missing: string[] = [];
      const oldest = deps.now() - freshMs;
      for (const itemId of itemIds) {
        const entry = entries.get(`${namespace}:${itemId}`);
        if (entry && entry.readAt > oldest) lists.set(itemId, entry.list);
        else missing.push(itemId);
      }
      if (missing.length === 0) return lists;
      const readAt = deps.now();
      for (const [itemId, list] of await deps.features.neighbours(namespace, missing)) {
        entries.set(`${namespace}:${itemId}`, { list, readAt });
        lists.set(itemId, list);
      }
      return lists;
    },
  };
}
