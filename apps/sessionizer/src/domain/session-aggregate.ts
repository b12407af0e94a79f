import type { EnrichedEvent } from '@shopstream/contracts';
import type { WindowedAggregate } from '@shopstream/streams';
import { averageText, centsText, toCents } from './price.ts';

const WINDOW_MS = 30 * 60_000;

export interface SessionState {
  events: number;
  pages: Set<string>;
  pageViews: number;
  clicks: number;
  addToCarts: number;
  purchases: number;
  searches: number;
  categories: Set<string>;
  prices: number;
  priceSumCents: bigint;
  maxPriceCents: bigint;
}

const COLUMNS = {
  namespace: true,
  session_id: true,
  user_identifier: true,
  device_type: true,
  country: true,
  event_type: true,
  page_url: true,
  product_category: true,
  product_price: true,
} as const;

/** What a session is made of. */
export type SessionEvent = Pick<EnrichedEvent, keyof typeof COLUMNS>;

const COUNTER_OF = {
  page_view: 'pageViews',
  click: 'clicks',
  add_to_cart: 'addToCarts',
  purchase: 'purchases',
  search: 'searches',
} as const;

const hasCounter = (eventType: string): eventType is keyof typeof COUNTER_OF =>
  Object.hasOwn(COUNTER_OF, eventType);

export const init = (): SessionState => ({
  events: 0,
  pages: new Set(),
  pageViews: 0,
  clicks: 0,
  addToCarts: 0,
  purchases: 0,
  searches: 0,
  categories: new Set(),
  prices: 0,
  priceSumCents: 0n,
  maxPriceCents: 0n,
});

/** Counts as SQL does: distinct counts, maximum and average leave nulls out. */
export function add(state: SessionState, event: SessionEvent): SessionState {
  state.events += 1;
  if (hasCounter(event.event_type)) state[COUNTER_OF[event.event_type]] += 1;
  if (event.page_url !== null) state.pages.add(event.page_url);
  if (event.product_category !== null) state.categories.add(event.product_category);
  if (event.product_price !== null) {
    const cents = toCents(event.product_price);
    if (state.prices === 0 || cents > state.maxPriceCents) state.maxPriceCents = cents;
    state.priceSumCents += cents;
    state.prices += 1;
  }
  return state;
}

/** Sessions: 30-minute tumbling windows per session, user, device and country. */
export function createSessionAggregate(
  outOfOrdernessMs: number,
): WindowedAggregate<'ecom.events-enriched.v1', 'ecom.user-sessions.v1', SessionState, SessionEvent> {
  return {
    name: 'sessionizer',
    input: 'ecom.events-enriched.v1',
    output: 'ecom.user-sessions.v1',
    changelog: 'ecom.sessionizer-changelog.v1',
    windowMs: WINDOW_MS,
    outOfOrdernessMs,
    columns: COLUMNS,
    groupBy: (row) => [row.namespace, row.session_id, row.user_identifier, row.device_type, row.country],
    init,
    add,
    toRow: (
      [namespace, sessionId, userIdentifier, deviceType, country],
      window,
      { state, isFinal, revision },
    ) => ({
      session_id: sessionId ?? '',
      user_identifier: userIdentifier ?? null,
      device_type: deviceType ?? null,
      country: country ?? null,
      session_start: window.start,
      session_end: window.end,
      event_count: state.events,
      pages_viewed: state.pages.size,
      page_views: state.pageViews,
      clicks: state.clicks,
      add_to_carts: state.addToCarts,
      purchases: state.purchases,
      searches: state.searches,
      categories_browsed: [...state.categories].sort(),
      max_product_price: state.prices === 0 ? null : centsText(state.maxPriceCents),
      avg_product_price: state.prices === 0 ? null : averageText(state.priceSumCents, state.prices),
      namespace: namespace ?? '',
      is_final: isFinal,
      revision,
    }),
  };
}
