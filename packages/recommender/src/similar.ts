import { compareIds } from './history.ts';
import type { RankableItem, Scored } from './types.ts';

export interface SimilarItem<Item extends RankableItem> {
  item: Item;
  /** In (0, 1], not increasing. */
  score: number;
  reason: string;
}

export interface SimilarityInput<Item extends RankableItem> {
  source: RankableItem;
  limit: number;
  /** Co-visitation neighbours with their similarity in (0, 1]. */
  neighbours: readonly Scored[];
  /** Items of the same category, and any others worth comparing. */
  candidates: Iterable<Item>;
  /** Popularity of an item, 0 when unknown. */
  popularityOf: (itemId: string) => number;
  itemOf: (itemId: string) => Item | undefined;
}

/** What sharing attributes is worth, all below any neighbour. */
const attributeScores = { categoryAndBrand: 0.5, category: 0.3, brand: 0.2 };

/**
 * Items like a given one: its neighbours first, in the upper half of the scores, then items of the same category and brand,
 * the more popular first. Unavailable items and the source itself are left out.
 */
export function similarTo<Item extends RankableItem>(input: SimilarityInput<Item>): SimilarItem<Item>[] {
  const taken = new Set([input.source.itemId]);
  const similar: SimilarItem<Item>[] = [];
  for (const { itemId, score } of [...input.neighbours].sort(byScore)) {
    const item = input.itemOf(itemId);
    if (similar.length === input.limit || !item?.available || taken.has(itemId)) continue;
    taken.add(itemId);
    const reason = 'Often viewed together';
    similar.push({ item, score: round(0.5 + Math.min(1, score) / 2), reason });
  }
  if (similar.length === input.limit) return similar;
  const alike = [...input.candidates].filter(({ itemId, available }) => available && !taken.has(itemId));
  return [...similar, ...byAttributes(input, alike).slice(0, input.limit - similar.length)];
}

function byAttributes<Item extends RankableItem>(
  { source, popularityOf }: SimilarityInput<Item>,
  items: readonly Item[],
): SimilarItem<Item>[] {
  return items
    .flatMap((item) => {
      const alike = compare(source, item);
      return alike ? [{ ...alike, item, popularity: popularityOf(item.itemId) }] : [];
    })
    .sort(
      (a, b) => b.score - a.score || b.popularity - a.popularity || compareIds(a.item.itemId, b.item.itemId),
    )
    .map(({ item, score, reason }) => ({ item, score, reason }));
}

function compare(a: RankableItem, b: RankableItem): { score: number; reason: string } | undefined {
  const sameCategory = a.category !== null && a.category === b.category;
  const sameBrand = a.brand !== null && a.brand === b.brand;
  if (sameCategory && sameBrand) {
    return { score: attributeScores.categoryAndBrand, reason: 'Same category, same brand' };
  }
  if (sameCategory) return { score: attributeScores.category, reason: 'Same category' };
  if (sameBrand) return { score: attributeScores.brand, reason: 'Same brand' };
  return undefined;
}

function byScore(a: Scored, b: Scored): number {
  return b.score - a.score || compareIds(a.itemId, b.itemId);
}

function round(score: number): number {
  return Math.round(score * 10_000) / 10_000;
}
