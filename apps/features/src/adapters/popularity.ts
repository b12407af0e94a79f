// An item and the lists it stands in lie in different slots. The item's script is the judge; the lists take its score over, which only
// grows, so that they may be written again. The category is noted last: until then the old list is cleaned again.
import { categoryKeys, itemKeys } from '@shopstream/contracts';
import type { ProductPopularity } from '@shopstream/contracts';
import { toDecayedScore } from '../domain/decay.ts';
import { limits, timeToLiveMs } from '../domain/limits.ts';
import type { RunPipeline, ScriptedPipeline } from './scripted-redis.ts';

interface Listing {
  namespace: string;
  productId: string;
  category: string;
  listedIn: string;
  score: string;
}

export async function applyPopularityRows(
  run: RunPipeline,
  rows: readonly ProductPopularity[],
  halfLifeMs: number,
): Promise<void> {
  const replies = await run((pipeline) => {
    for (const row of rows) pipeline.updatePopularity(...popularityArguments(row, halfLifeMs));
  });
  const listings = new Map<string, Listing>();
  rows.forEach((row, index) => {
    const [score = '', listedIn = ''] = replies[index] as string[];
    const { namespace, product_id: productId, product_category: category } = row;
    if (score === '') return;
    listings.set(`${namespace}:${productId}`, {
      namespace,
      productId,
      category: category ?? '',
      listedIn,
      score,
    });
  });
  await run((pipeline) => {
    for (const listing of listings.values()) list(pipeline, listing);
    trim(pipeline, [...listings.values()]);
  });
  await run((pipeline) => {
    for (const { namespace, productId, category, listedIn } of listings.values()) {
      if (category === listedIn) continue;
      pipeline.hset(itemKeys(namespace, productId).popularity, 'listed_in', category);
    }
  });
}

function popularityArguments(row: ProductPopularity, halfLifeMs: number) {
  const { popularity_score: score } = row;
  return [
    itemKeys(row.namespace, row.product_id).popularity,
    row.window_start,
    row.revision,
    score > 0 ? toDecayedScore(row.window_start, score, halfLifeMs) : '',
    halfLifeMs,
    limits.popularityWindows,
    timeToLiveMs.item,
    ...['window_start', row.window_start, 'window_end', row.window_end, 'is_final', String(row.is_final)],
    ...['views', row.views, 'add_to_carts', row.add_to_carts, 'purchases', row.purchases],
    ...['total_interactions', row.total_interactions, 'unique_users', row.unique_users],
    ...['popularity_score', row.popularity_score],
  ];
}

const listsOf = (namespace: string, category: string): string[] => [
  categoryKeys(namespace).popular,
  ...(category === '' ? [] : [categoryKeys(namespace, category).popular]),
];

function list(pipeline: ScriptedPipeline, listing: Listing): void {
  const { namespace, productId, category, listedIn, score } = listing;
  for (const key of listsOf(namespace, category)) pipeline.zadd(key, 'GT', score, productId);
  if (listedIn !== '' && listedIn !== category) {
    pipeline.zrem(categoryKeys(namespace, listedIn).popular, productId);
  }
}

function trim(pipeline: ScriptedPipeline, listings: readonly Listing[]): void {
  for (const key of new Set(listings.flatMap(({ namespace, category }) => listsOf(namespace, category)))) {
    pipeline.zremrangebyrank(key, 0, -limits.ranking - 1);
    pipeline.pexpire(key, timeToLiveMs.ranking);
  }
}
