import type { EventType } from '@shopstream/contracts';
import type { Candidate, Seed } from './candidates.ts';
import type { Explanation, Interest, RankableItem } from './types.ts';

type ItemOf = (itemId: string) => RankableItem | undefined;

interface Met {
  interests: readonly Interest[];
  itemOf: ItemOf;
}

const namedItems = 3;
const deeds: Partial<Record<EventType, (title: string) => string>> = {
  page_view: (title) => `Because you viewed ${title}`,
  click: (title) => `Because you viewed ${title}`,
  add_to_cart: (title) => `Because you added ${title} to your cart`,
  purchase: (title) => `Because you bought ${title}`,
  like: (title) => `Because you liked ${title}`,
  watch: (title) => `Because you watched ${title}`,
};

/** Why this item, in the words shown to the shopper. */
export function explain({ grounds }: Candidate, item: RankableItem, met: Met): Explanation {
  switch (grounds.kind) {
    case 'neighbours':
      return becauseOf(grounds.seeds, met.itemOf);
    case 'affinity':
      return {
        type: 'content_based',
        reason: `Popular in ${grounds.category}`,
        matching_attributes: sharedAttributes(item, met),
      };
    case 'list':
      return grounds.explanation;
  }
}

/** What is trending in one category, or everywhere. */
export function trendingIn(category?: string): Explanation {
  return { type: 'trending', reason: category === undefined ? 'Trending now' : `Trending in ${category}` };
}

/** Names what the shopper met and did, the item that contributed most first. */
function becauseOf(seeds: readonly Seed[], itemOf: ItemOf): Explanation {
  const supporting = seeds.filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
  const [first] = supporting;
  const title = first && itemOf(first.interest.itemId)?.title;
  const deed = first && deeds[first.interest.strongest];
  return {
    type: 'collaborative',
    reason: title === undefined || !deed ? 'Because of what you looked at' : deed(title),
    similar_items: supporting.slice(0, namedItems).map(({ interest }) => interest.itemId),
  };
}

/** What an item has in common with those the shopper met; it was found by its category. */
function sharedAttributes(item: RankableItem, { interests, itemOf }: Met): string[] {
  const sameBrand =
    item.brand !== null &&
    interests.some(({ itemId, strength }) => strength > 0 && itemOf(itemId)?.brand === item.brand);
  return sameBrand ? ['category', 'brand'] : ['category'];
}
