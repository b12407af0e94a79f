// Two round trips to Redis: the shopper, then the neighbours of what the shopper met. Whatever does not answer is left out.
import {
  AFFINE_CATEGORIES,
  categoryAffinity,
  interestsOf,
  recommend,
  seedsOf,
} from '@shopstream/recommender';
import type { RankedItem, Scored, Surface } from '@shopstream/recommender';
import type { CrowdCache } from './crowd-cache.ts';
import type { Catalog, ServedItem } from './domain/catalog.ts';
import type { FeatureStore, Shopper, ShopperFeatures } from './domain/stores.ts';

export interface RecommendationRequest extends Shopper {
  surface: Surface;
  limit: number;
  category: string | undefined;
  excluded: ReadonlySet<string>;
}

export interface Recommendations {
  items: RankedItem<ServedItem>[];
  /** Made without something that should have been there. */
  degraded: boolean;
}

export type RecommendFor = (request: RecommendationRequest) => Promise<Recommendations>;

interface Deps {
  features: FeatureStore;
  crowd: CrowdCache;
  catalog: Catalog;
  now: () => number;
}

const unknownShopper: ShopperFeatures = {
  history: { session: [], user: [] },
  purchased: [],
  categoryWeights: new Map(),
};

export function createRecommendFor(deps: Deps): RecommendFor {
  return async (request) => {
    const catalog = deps.catalog.in(request.namespace);
    const category = request.category && (catalog.categoryName(request.category) ?? request.category);
    const [shopper, crowd] = await Promise.all([
      orElse(deps.features.shopper(request), unknownShopper),
      deps.crowd.lists(request.namespace, category),
    ]);
    const { history, purchased, categoryWeights } = shopper.value;
    const interests = interestsOf(history, request.surface, deps.now());
    const affinity = categoryAffinity(interests, categoryWeights, catalog.get);
    const [neighbours, trendingByCategory] = await Promise.all([
      orElse(deps.features.neighbours(request.namespace, seedsOf(interests)), new Map<string, Scored[]>()),
      category === undefined
        ? readTrending(deps.crowd, request.namespace, affinity)
        : { value: new Map([[category, crowd.trending]]), failed: false },
    ]);
    const items = recommend({
      limit: request.limit,
      history,
      interests,
      affinity,
      neighbours: neighbours.value,
      trendingIn: (name) => trendingByCategory.value.get(name) ?? [],
      trending: crowd.trending,
      popular: crowd.popular,
      constraints: {
        surface: request.surface,
        category,
        excluded: purchased.length === 0 ? request.excluded : new Set([...request.excluded, ...purchased]),
      },
      itemOf: catalog.get,
    });
    const degraded = shopper.failed || crowd.failed || neighbours.failed || trendingByCategory.failed;
    return { items, degraded };
  };
}

/** What is trending in the categories that the shopper is drawn to most. */
async function readTrending(
  crowd: CrowdCache,
  namespace: string,
  affinity: ReadonlyMap<string, number>,
): Promise<Attempt<Map<string, readonly Scored[]>>> {
  const categories = [...affinity.keys()].slice(0, AFFINE_CATEGORIES);
  const lists = await Promise.all(categories.map((category) => crowd.lists(namespace, category)));
  return {
    value: new Map(lists.map(({ trending }, index) => [categories[index] ?? '', trending])),
    failed: lists.some(({ failed }) => failed),
  };
}

interface Attempt<T> {
  value: T;
  failed: boolean;
}

async function orElse<T>(read: Promise<T>, fallback: T): Promise<Attempt<T>> {
  try {
    return { value: await read, failed: false };
  } catch {
    return { value: fallback, failed: true };
  }
}
