// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
export interface ServedItem {
  /** Item. */
  item_id: string;
  /** Rank, from 1. */
  rank: number;
  /** Score, 0..1. */
  score: number;
  /** Candidate source that the item came from. */
  source: string;
}

/** Every list that the gateway answered. */
export interface RecommendationServed {
  /** Request the list answered. */
  request_id: string;
  /** Tenant; part of every key. */
  namespace: string;
  /** User the list was for. */
  user_id: null | string;
  /** Session the list was for. */
  session_id: null | string;
  /** Context of the request: homepage, pdp, cart, orders, category, search. */
  context: string;
  /** Time of the answer. */
  served_at: number;
  /** Model that ranked. */
  model_version: string;
  /** True when a store could not be read. */
  degraded: boolean;
  /** The list, in order. */
  items: ServedItem[];
}
