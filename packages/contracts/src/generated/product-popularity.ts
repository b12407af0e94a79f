// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
/** Popularity: 5-minute tumbling windows per product. */
export interface ProductPopularity {
  /** Product. */
  product_id: string;
  /** Name last seen in the window. */
  product_name: null | string;
  /** Category last seen in the window. */
  product_category: null | string;
  /** Start of the window, inclusive. */
  window_start: number;
  /** End of the window, exclusive. */
  window_end: number;
  /** Events with this product. */
  total_interactions: number;
  /** Page views. */
  views: number;
  /** Additions to the cart. */
  add_to_carts: number;
  /** Purchased lines. */
  purchases: number;
  /** Distinct user identifiers, exact. */
  unique_users: number;
  /** views + 5 add_to_carts + 10 purchases. */
  popularity_score: number;
  /** Tenant; part of every key. */
  namespace: string;
  /** False while the window is open; true on its last row. */
  is_final: boolean;
  /** Input offset up to which the row counts; grows from row to row of one key. */
  revision: number;
}
