// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
/** Sessions: 30-minute tumbling windows per session, user, device and country. */
export interface UserSession {
  /** User session identifier. */
  session_id: string;
  /** user_id, otherwise anonymous_id. */
  user_identifier: null | string;
  /** desktop, mobile or tablet. */
  device_type: null | string;
  /** Country of the user. */
  country: null | string;
  /** Start of the window, inclusive. */
  session_start: number;
  /** End of the window, exclusive. */
  session_end: number;
  /** Events in the window. */
  event_count: number;
  /** Distinct page URLs. */
  pages_viewed: number;
  /** Page views. */
  page_views: number;
  /** Clicks. */
  clicks: number;
  /** Additions to the cart. */
  add_to_carts: number;
  /** Purchased lines. */
  purchases: number;
  /** Searches. */
  searches: number;
  /** Distinct product categories, sorted. */
  categories_browsed: string[];
  /** Highest product price seen. */
  max_product_price: null | string;
  /** Mean product price over events with a price, rounded half up. */
  avg_product_price: null | string;
  /** Tenant; part of every key. */
  namespace: string;
  /** False while the window is open; true on its last row. */
  is_final: boolean;
  /** Input offset up to which the row counts; grows from row to row of one key. */
  revision: number;
}
