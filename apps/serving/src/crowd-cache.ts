// Trending and popular are the same for everybody, so they are read at most once in a while per tenant and category, and
// the last ones serve while Redis is away.
import type { Scored } from '@shopstream/recommender';
import { LRUCache } from 'lru-cache';
import type { Catalog } from './domain/catalog.ts';
import type { CrowdLists, FeatureStore } from './domain/stores.ts';

/** There are many categories, and what is trending in one changes slowly. */
const freshMs = { all: 1_000, category: 3_000 };
/** Lists of this length fill any answer, whatever is excluded from it. */
const popularItems = 300;
const maxCategories = 2_000;

export interface CrowdCache {
  /** Never rejects; `failed` when Redis did not answer and older lists, or the catalogue's own order, are given. */
  lists(namespace: string, category?: string): Promise<CrowdLists & { failed: boolean }>;
}

interface Entry {
  lists: CrowdLists;
  readAt: number;
}

export function createCrowdCache(deps: {
  features: Pick<FeatureStore, 'crowd'>;
  catalog: Catalog;
  now: () => number;
}): CrowdCache {
  const { features, catalog, now } = deps;
  const entries = new LRUCache<string, Entry>({ max: maxCategories });
  const reads = new Map<string, Promise<CrowdLists & { failed: boolean }>>();

  function withCatalog(lists: CrowdLists, namespace: string, category?: string): CrowdLists {
    return { ...lists, popular: filledUp(lists.popular, namespace, category) };
  }

  /** New and unpopular items come last instead of never. */
  function filledUp(popular: readonly Scored[], namespace: string, category?: string): readonly Scored[] {
    const missing = popularItems - popular.length;
    if (missing <= 0) return popular;
    const known = new Set(popular.map(({ itemId }) => itemId));
    const least = popular.at(-1)?.score ?? 1;
    const others = catalog
      .in(namespace)
      .bestRated(popularItems, category)
      .filter(({ itemId }) => !known.has(itemId))
      .slice(0, missing);
    return [
      ...popular,
      ...others.map(({ itemId }, index) => ({ itemId, score: (least * (missing - index)) / (missing + 1) })),
    ];
  }

  async function read(namespace: string, category: string | undefined, key: string) {
    const known = entries.get(key);
    try {
      const lists = withCatalog(await features.crowd(namespace, category), namespace, category);
      entries.set(key, { lists, readAt: now() });
      return { ...lists, failed: false };
    } catch {
      const lists = known?.lists ?? withCatalog({ trending: [], popular: [] }, namespace, category);
      return { ...lists, failed: true };
    } finally {
      reads.delete(key);
    }
  }

  return {
    async lists(namespace, category) {
      const key = JSON.stringify([namespace, category]);
      const known = entries.get(key);
      const maxAgeMs = category === undefined ? freshMs.all : freshMs.category;
      if (known && now() - known.readAt < maxAgeMs) return { ...known.lists, failed: false };
      const running = reads.get(key) ?? read(namespace, category, key);
      reads.set(key, running);
      return running;
    },
  };
}
