import { similarTo } from '@shopstream/recommender';
import type { SimilarItem } from '@shopstream/recommender';
import type { CrowdCache } from './crowd-cache.ts';
import type { Catalog, ServedItem } from './domain/catalog.ts';
import type { FeatureStore } from './domain/stores.ts';

export interface SimilarItems {
  source: ServedItem;
  items: SimilarItem<ServedItem>[];
  degraded: boolean;
}

/** Resolves to undefined when there is no such item. */
export type SimilarTo = (request: {
  namespace: string;
  itemId: string;
  limit: number;
}) => Promise<SimilarItems | undefined>;

interface Deps {
  features: Pick<FeatureStore, 'neighbours'>;
  crowd: CrowdCache;
  catalog: Catalog;
}

/** An item's neighbours, filled up with the popular items of its category. */
export function createSimilarTo({ features, crowd, catalog }: Deps): SimilarTo {
  return async ({ namespace, itemId, limit }) => {
    const items = catalog.in(namespace);
    const source = items.get(itemId);
    if (!source) return undefined;
    const [neighbours, ofCategory] = await Promise.all([
      features.neighbours(namespace, [itemId]).catch(() => undefined),
      crowd.lists(namespace, source.category ?? undefined),
    ]);
    const popularity = new Map(ofCategory.popular.map((popular) => [popular.itemId, popular.score]));
    return {
      source,
      items: similarTo({
        source,
        limit,
        neighbours: neighbours?.get(itemId) ?? [],
        candidates: [...popularity.keys()].flatMap((id) => items.get(id) ?? []),
        popularityOf: (id) => popularity.get(id) ?? 0,
        itemOf: items.get,
      }),
      degraded: neighbours === undefined || ofCategory.failed,
    };
  };
}
