import { becauseOf, inCategory, sharedAttributes } from './explain.ts';
import { compareIds } from './history.ts';
import type { Explanation, Interest, RankableItem, Scored } from './types.ts';

/** A candidate and its value within its tier, in (0, 1]. */
export interface Candidate {
  itemId: string;
  value: number;
  /** Called for those that are served only. */
  explain(item: RankableItem): Explanation;
}

export interface Signals {
  interests: readonly Interest[];
  /** Co-visitation neighbours by the item they are neighbours of. */
  neighbours: ReadonlyMap<string, readonly Scored[]>;
  /** Category to affinity in (0, 1], strongest first. */
  affinity: ReadonlyMap<string, number>;
  trendingIn: (category: string) => readonly Scored[];
  itemOf: (itemId: string) => RankableItem | undefined;
}

/** Of the blend, the part for co-visitation; the rest is for the category's affinity. */
const neighbourShare = 0.7;
/** Categories that a shopper's candidates are taken from, the ones they are drawn to most. */
export const AFFINE_CATEGORIES = 3;

interface Support {
  total: number;
  seeds: { interest: Interest; value: number }[];
}

/**
 * Candidates for this shopper: neighbours of the items they met, weighted by the interest in each (neighbours of a
 * disliked item lose), blended with what is trending in the categories they are drawn to.
 */
export function personalCandidates(signals: Signals): Candidate[] {
  const supports = collaborativeSupport(signals);
  const greatest = Math.max(0, ...[...supports.values()].map(({ total }) => total));
  const candidates = new Map<string, Candidate>();
  for (const [itemId, support] of supports) {
    if (support.total <= 0) continue;
    const category = signals.itemOf(itemId)?.category;
    const affinity = category ? (signals.affinity.get(category) ?? 0) : 0;
    candidates.set(itemId, {
      itemId,
      value: (neighbourShare * support.total) / greatest + (1 - neighbourShare) * affinity,
      explain: () => becauseOf(support.seeds, signals.itemOf),
    });
  }
  for (const candidate of affinityCandidates(signals)) {
    // A neighbour that disliked items speak against does not come back by its category.
    if (!supports.has(candidate.itemId) && !candidates.has(candidate.itemId)) {
      candidates.set(candidate.itemId, candidate);
    }
  }
  return strongestFirst([...candidates.values()]);
}

/** A list such as trending or popular as candidates. */
export function listCandidates(list: readonly Scored[], explanation: Explanation): Candidate[] {
  const greatest = Math.max(0, ...list.map(({ score }) => score));
  const positive = list.filter(({ score }) => score > 0);
  return strongestFirst(
    positive.map(({ itemId, score }) => ({ itemId, value: score / greatest, explain: () => explanation })),
  );
}

function collaborativeSupport({ interests, neighbours }: Signals): Map<string, Support> {
  const supports = new Map<string, Support>();
  for (const interest of interests) {
    for (const { itemId, score } of neighbours.get(interest.itemId) ?? []) {
      const value = interest.strength * score;
      const support = supports.get(itemId);
      if (support) {
        support.total += value;
        support.seeds.push({ interest, value });
      } else supports.set(itemId, { total: value, seeds: [{ interest, value }] });
    }
  }
  return supports;
}

function affinityCandidates(signals: Signals): Candidate[] {
  return [...signals.affinity].slice(0, AFFINE_CATEGORIES).flatMap(([category, affinity]) =>
    listCandidates(signals.trendingIn(category), inCategory(category)).map((candidate) => ({
      itemId: candidate.itemId,
      value: (1 - neighbourShare) * affinity * candidate.value,
      explain: (item: RankableItem): Explanation => ({
        type: 'content_based',
        reason: `Popular in ${category}`,
        matching_attributes: sharedAttributes(item, signals),
      }),
    })),
  );
}

function strongestFirst(candidates: Candidate[]): Candidate[] {
  return candidates.sort((a, b) => b.value - a.value || compareIds(a.itemId, b.itemId));
}
