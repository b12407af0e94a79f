// Views and distinct visitors by category and hour, out of events that lie by session.
import type { EnrichedEvent } from '@shopstream/contracts';
import type { TwoStepAggregate } from '@shopstream/streams';

interface Visits {
  events: number;
  views: number;
  visitors: Set<string>;
}

/** The columns that are read; no other is ever decoded. */
type Visit = Pick<EnrichedEvent, 'namespace' | 'event_type' | 'product_category' | 'user_identifier'>;

export const categoryPopularity: TwoStepAggregate<
  'ecom.events-enriched.v1',
  'ecom.product-popularity.v1',
  Visits,
  Visit
> = {
  name: 'category-popularity',
  input: 'ecom.events-enriched.v1',
  output: 'ecom.product-popularity.v1',
  partials: 'ecom.popularity-partials.v1',
  splitChangelog: 'ecom.popularity-split-changelog.v1',
  changelog: 'ecom.popularity-changelog.v1',
  windowMs: 3_600_000,
  outOfOrdernessMs: 30_000,
  columns: { namespace: true, event_type: true, product_category: true, user_identifier: true },
  groupBy: (row) => (row.product_category === null ? null : [row.namespace, row.product_category]),
  init: () => ({ events: 0, views: 0, visitors: new Set() }),
  add: (state, row) => {
    state.events += 1;
    if (row.event_type === 'page_view') state.views += 1;
    if (row.user_identifier !== null) state.visitors.add(row.user_identifier);
    return state;
  },
  merge: (into, from) => ({
    events: into.events + from.events,
    views: into.views + from.views,
    visitors: new Set([...into.visitors, ...from.visitors]),
  }),
  toRow: ([namespace, category], window, { state, isFinal, revision }) => ({
    product_id: `category:${category}`,
    product_name: null,
    product_category: category ?? null,
    window_start: window.start,
    window_end: window.end,
    total_interactions: state.events,
    views: state.views,
    add_to_carts: 0,
    purchases: 0,
    unique_users: state.visitors.size,
    popularity_score: state.views,
    namespace: namespace ?? '',
    is_final: isFinal,
    revision,
  }),
};
