import type { EnrichedEvent } from '@shopstream/contracts';
import type { TwoStepAggregate } from '@shopstream/streams';

const WINDOW_MS = 5 * 60_000;

export interface PopularityState {
  interactions: number;
  views: number;
  addToCarts: number;
  purchases: number;
  users: Set<string>;
  /** Name and category of the latest event that has a name; ties of one instant go to the greater event id. */
  latest: { timestamp: number; eventId: string; name: string; category: string | null } | null;
}

const COLUMNS = {
  namespace: true,
  event_id: true,
  timestamp: true,
  event_type: true,
  user_identifier: true,
  product_id: true,
  product_name: true,
  product_category: true,
} as const;

/** What popularity is made of. */
export type PopularityEvent = Pick<EnrichedEvent, keyof typeof COLUMNS>;

export const init = (): PopularityState => ({
  interactions: 0,
  views: 0,
  addToCarts: 0,
  purchases: 0,
  users: new Set(),
  latest: null,
});

export function add(state: PopularityState, event: PopularityEvent): PopularityState {
  state.interactions += 1;
  if (event.event_type === 'page_view') state.views += 1;
  if (event.event_type === 'add_to_cart') state.addToCarts += 1;
  if (event.event_type === 'purchase') state.purchases += 1;
  if (event.user_identifier !== null) state.users.add(event.user_identifier);
  if (event.product_name !== null) {
    const { timestamp, event_id: eventId, product_name: name, product_category: category } = event;
    state.latest = later(state.latest, { timestamp, eventId, name, category });
  }
  return state;
}

export function merge(into: PopularityState, from: PopularityState): PopularityState {
  into.interactions += from.interactions;
  into.views += from.views;
  into.addToCarts += from.addToCarts;
  into.purchases += from.purchases;
  for (const user of from.users) into.users.add(user);
  into.latest = later(into.latest, from.latest);
  return into;
}

function later(a: PopularityState['latest'], b: PopularityState['latest']): PopularityState['latest'] {
  if (a === null || b === null) return a ?? b;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp ? a : b;
  return a.eventId > b.eventId ? a : b;
}

/** Popularity: 5-minute tumbling windows per product; a product renamed in mid-window stays one row. */
export function createPopularityAggregate(
  outOfOrdernessMs: number,
): TwoStepAggregate<
  'ecom.events-enriched.v1',
  'ecom.product-popularity.v1',
  PopularityState,
  PopularityEvent
> {
  return {
    name: 'popularity',
    input: 'ecom.events-enriched.v1',
    output: 'ecom.product-popularity.v1',
    partials: 'ecom.popularity-partials.v1',
    splitChangelog: 'ecom.popularity-split-changelog.v1',
    changelog: 'ecom.popularity-changelog.v1',
    windowMs: WINDOW_MS,
    outOfOrdernessMs,
    columns: COLUMNS,
    groupBy: (row) => (row.product_id === null ? null : [row.namespace, row.product_id]),
    init,
    add,
    merge,
    toRow: ([namespace, productId], window, { state, isFinal, revision }) => ({
      product_id: productId ?? '',
      product_name: state.latest?.name ?? null,
      product_category: state.latest?.category ?? null,
      window_start: window.start,
      window_end: window.end,
      total_interactions: state.interactions,
      views: state.views,
      add_to_carts: state.addToCarts,
      purchases: state.purchases,
      unique_users: state.users.size,
      popularity_score: state.views + 5 * state.addToCarts + 10 * state.purchases,
      namespace: namespace ?? '',
      is_final: isFinal,
      revision,
    }),
  };
}
