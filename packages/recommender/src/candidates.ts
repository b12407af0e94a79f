import { compareIds } from './history.ts';
import type { Explanation, Interest, RankableItem, Scored } from './types.ts';

/** A candidate, its value within its tier in (0, 1], and what speaks for it, to be put into words for those served. */
export interface Candidate {
  itemId: string;
  value: number;
  grounds: Grounds;
}

export type Grounds =
  | { kind: 'neighbours'; seeds: Seed[] }
  | { kind: 'affinity'; category: string }
  | { kind: 'list'; explanation: Explanation };

/** An item that the shopper met, and what it adds to a candidate. */
export interface Seed {
  interest: Interest;
  value: number;
}

export interface Signals {
  interests: readonly Interest[];
  /** Co-visitation neighbours by the item they are neighbours of. */
  neighbours: ReadonlyMap<string, readonly Scored[]>;
  /** Category to affinity in (0, 1], strongest first. */
  affinity: ReadonlyMap<string, number>;
  /** Strongest first. */
  trendingIn: (category: string) => readonly Scored[];
  itemOf: (itemId: string) => RankableItem | undefined;
}

/** Of the blend, the part for co-visitation; the rest is for the category's affinity. */
const neighbourShare = 0.7;
/** Categories that a shopper's candidates are taken from, the ones they are drawn to most. */
export const AFFINE_CATEGORIES = 3;

/** Strongest items of each of them; more only cost time. */
const itemsPerCategory = 60;

interface Support {
  total: number;
  seeds: Seed[];
}

/**
 * Candidates for this shopper: neighbours of the items they met, weighted by the interest in each (neighbours of a
 * disliked item lose), blended with what is trending in the categories they are drawn to.
 */
export function personalCandidates(signals: Signals): Candidate[] {
  const supports = collaborativeSupport(signals);
  let greatest = 0;
  for (const { total } of supports.values()) greatest = Math.max(greatest, total);
  const candidates: Candidate[] = [];
  for (const [itemId, { total, seeds }] of supports) {
    if (total <= 0) continue;
    const category = signals.itemOf(itemId)?.category;
    const affinity = category ? (signals.affinity.get(category) ?? 0) : 0;
    const value = (neighbourShare * total) / greatest + (1 - neighbourShare) * affinity;
    candidates.push({ itemId, value, grounds: { kind: 'neighbours', seeds } });
  }
  for (const candidate of affinityCandidates(signals)) {
    // A neighbour that disliked items speak against does not come back by its category.
    if (!supports.has(candidate.itemId)) candidates.push(candidate);
  }
  return strongestFirst(candidates);
}

/** A list such as trending or popular as candidates. */
export function listCandidates(list: readonly Scored[], explanation: Explanation): Candidate[] {
  return toCandidates(list, { most: 1, grounds: { kind: 'list', explanation } });
}

/** Values are shares of the strongest, which is worth `most`. */
function toCandidates(
  list: readonly Scored[],
  { most, grounds }: { most: number; grounds: Grounds },
): Candidate[] {
  const strongest = list[0]?.score ?? 1;
  return list.map(({ itemId, score }) => ({ itemId, value: (most * score) / strongest, grounds }));
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

function affinityCandidates({ affinity, trendingIn }: Signals): Candidate[] {
  return [...affinity].slice(0, AFFINE_CATEGORIES).flatMap(([category, weight]) => {
    const grounds: Grounds = { kind: 'affinity', category };
    const list = trendingIn(category).slice(0, itemsPerCategory);
    return toCandidates(list, { most: (1 - neighbourShare) * weight, grounds });
  });
}

function strongestFirst(candidates: Candidate[]): Candidate[] {
  return candidates.sort((a, b) => b.value - a.value || compareIds(a.itemId, b.itemId));
}
