import { listCandidates, personalCandidates } from './candidates.ts';
import type { Candidate, Signals } from './candidates.ts';
import { eligibilityOf } from './constraints.ts';
import type { Constraints } from './constraints.ts';
import { explain, trendingIn } from './explain.ts';
import type { History } from './history.ts';
import type { Explanation, RankableItem, RankedItem, Scored } from './types.ts';

/** Names the ranking in answers and logs; changes whenever the same input may be ranked differently. */
export const MODEL_VERSION = 'covisitation-1.0.0';

export interface RankingInput<Item extends RankableItem> extends Signals {
  limit: number;
  history: History;
  constraints: Constraints;
  /** What is trending over all categories, strongest first. */
  trending: readonly Scored[];
  /** Strongest first. */
  popular: readonly Scored[];
  itemOf: (itemId: string) => Item | undefined;
}

interface Band {
  above: number;
  upTo: number;
}

/** Tiers never overlap: whatever is known of the shopper outranks what is known of the crowd. */
const bands = {
  personal: { above: 0.4, upTo: 1 },
  trending: { above: 0.2, upTo: 0.4 },
  popular: { above: 0.05, upTo: 0.2 },
  seen: { above: 0, upTo: 0.05 },
} as const satisfies Record<string, Band>;

const byPopularity: Explanation = { type: 'popular', reason: 'Popular with other shoppers' };

/**
 * Ranks items for a shopper: first those that follow from their own history (neighbours and category affinity), then
 * trending, then popular, then, only if the list is still short, items they have just seen. A pure function of its input.
 * @returns at most `limit` items, each once, all of them allowed by the constraints
 * @example
 * const interests = interestsOf(history, 'homepage', now);
 * recommend({ limit: 20, history, interests, neighbours, affinity, trendingIn, trending, popular, itemOf,
 *   constraints: { surface: 'homepage', excluded: new Set() } });
 */
export function recommend<Item extends RankableItem>(input: RankingInput<Item>): RankedItem<Item>[] {
  const { allowed, fresh } = eligibilityOf(input.history, input.constraints);
  const taken = new Set<string>();
  const picked: Omit<RankedItem<Item>, 'rank'>[] = [];
  const seen: { candidate: Candidate; item: Item }[] = [];

  for (const { band, candidates } of tiers(input)) {
    for (const candidate of candidates()) {
      if (picked.length === input.limit) break;
      if (taken.has(candidate.itemId)) continue;
      const item = input.itemOf(candidate.itemId);
      if (!item || !allowed(item)) continue;
      taken.add(candidate.itemId);
      if (fresh(candidate.itemId)) picked.push(toPick(candidate, item, { band: bands[band], input }));
      else seen.push({ candidate, item });
    }
    if (picked.length === input.limit) break;
  }
  seen.slice(0, input.limit - picked.length).forEach(({ candidate, item }, index, { length }) => {
    picked.push(toPick({ ...candidate, value: 1 - index / length }, item, { band: bands.seen, input }));
  });
  return picked.map((pick, index) => ({ ...pick, rank: index + 1 }));
}

function tiers<Item extends RankableItem>(
  input: RankingInput<Item>,
): { band: keyof typeof bands; candidates: () => Candidate[] }[] {
  const { category } = input.constraints;
  const trending = category === undefined ? input.trending : input.trendingIn(category);
  return [
    { band: 'personal', candidates: () => personalCandidates(input) },
    { band: 'trending', candidates: () => listCandidates(trending, trendingIn(category)) },
    { band: 'popular', candidates: () => listCandidates(input.popular, byPopularity) },
  ];
}

function toPick<Item extends RankableItem>(
  candidate: Candidate,
  item: Item,
  { band, input }: { band: Band; input: RankingInput<Item> },
): Omit<RankedItem<Item>, 'rank'> {
  const explanation = explain(candidate, item, input);
  return {
    item,
    score: toScore(band.above + (band.upTo - band.above) * candidate.value),
    source: explanation.type,
    explanation,
  };
}

/** Four digits are all a client can use; never rounded down to 0. */
function toScore(value: number): number {
  return Math.max(0.0001, Math.round(value * 10_000) / 10_000);
}
