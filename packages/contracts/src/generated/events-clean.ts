// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
export interface CleanEventLineItem {
  /** Product bought. */
  product_id: string;
  /** Units. */
  quantity: null | number;
  /** Price of one unit. */
  unit_price: null | string;
}

/** Valid, de-duplicated events of the six types that feed sessions and popularity. */
export interface CleanEvent {
  /** Unique event identifier. */
  event_id: string;
  /** User session identifier. */
  session_id: string;
  /** user_id, otherwise anonymous_id. */
  user_identifier: null | string;
  /** Authenticated user id. */
  user_id: null | string;
  /** Anonymous tracking id. */
  anonymous_id: null | string;
  /** Event type, canonical. */
  event_type: string;
  /** Current page URL. */
  page_url: null | string;
  /** Referring URL. */
  referrer_url: null | string;
  /** Product id, if applicable. */
  product_id: null | string;
  /** Search query, if applicable. */
  search_query: null | string;
  /** desktop, mobile or tablet. */
  device_type: null | string;
  /** Browser name. */
  browser: null | string;
  /** Country of the user. */
  country: null | string;
  /** Event time, UTC. */
  timestamp: number;
  /** Tenant; part of every key. */
  namespace: string;
  /** Server time at which the collector received the event, UTC; null for producers that wrote to Kafka directly. */
  received_at: null | number;
  /** Event time as the client sent it, before any correction. */
  client_timestamp: null | number;
  /** How timestamp came to be: client (as sent), corrected (shifted by the client's measured skew), clamped (was ahead of the server), assigned (none sent). */
  clock: string;
  /** True when no session id was sent and session_id was derived from the user. */
  session_derived: boolean;
  /** Version of the request schema the event was accepted under. */
  schema_version: number;
  /** Request dialect: event, batch_event or interaction. */
  dialect: string;
  /** Consent at event time: granted, denied or unknown. */
  consent: string;
  /** Units, for add_to_cart, remove_from_cart and purchase. */
  quantity: null | number;
  /** Price of one unit in currency. */
  unit_price: null | string;
  /** ISO 4217 code of unit_price and order_total. */
  currency: null | string;
  /** Value of the event in its sender's own terms. */
  value: null | number;
  /** Order that a purchase line or order summary belongs to. */
  order_id: null | string;
  /** Order total, on the order summary. */
  order_total: null | string;
  /** Id of the bulk purchase that this line item or order summary was split from. */
  parent_event_id: null | string;
  /** Position of the line item in its order, from 1. */
  line_number: null | number;
  /** Line items of an order summary. */
  line_items: CleanEventLineItem[];
  /** Cart of a cart event. */
  cart_id: null | string;
  /** Time spent on the page, in milliseconds. */
  dwell_ms: null | number;
  /** Where on the site: home, pdp, cart, orders, search, category. */
  surface: null | string;
  /** Widget that showed the item. */
  widget: null | string;
  /** True when the item was shown by a recommendation. */
  recommended: null | boolean;
  /** Recommendation request that the item came from. */
  request_id: null | string;
  /** Rank of the item in its list, from 1. */
  rank: null | number;
  /** Referring element or page as the sender names it. */
  referrer: null | string;
  /** Experiment that the shopper took part in. */
  experiment: null | string;
  /** Variant of that experiment. */
  ab_bucket: null | string;
  /** Remaining metadata; values that are no strings are JSON. */
  properties: Record<string, string>;
}
