import type { Interest, RankableItem } from './types.ts';

/**
 * How much a shopper is drawn to each category, the strongest 1: the sum of the interests in its items, and what is known
 * of them from longer ago (`known`, any positive scale), which counts half.
 * @returns strongest first
 */
export function categoryAffinity(
  interests: readonly Interest[],
  known: ReadonlyMap<string, number>,
  itemOf: (itemId: string) => RankableItem | undefined,
): Map<string, number> {
  const recent = new Map<string, number>();
  for (const { itemId, strength } of interests) {
    const category = itemOf(itemId)?.category;
    if (category) recent.set(category, (recent.get(category) ?? 0) + strength);
  }
  const sum = new Map<string, number>();
  for (const [weights, share] of [[recent, 1] as const, [known, 0.5] as const]) {
    const greatest = Math.max(0, ...weights.values());
    if (greatest === 0) continue;
    for (const [category, weight] of weights) {
      sum.set(category, (sum.get(category) ?? 0) + (share * weight) / greatest);
    }
  }
  const drawn = [...sum].filter(([, weight]) => weight > 0).sort((a, b) => b[1] - a[1]);
  const greatest = drawn[0]?.[1] ?? 1;
  return new Map(drawn.map(([category, weight]) => [category, weight / greatest]));
}
