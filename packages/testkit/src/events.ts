import type { CleanEvent, Clickstream, EnrichedEvent, Product } from '@shopstream/contracts';

/** Monday noon UTC: what events happen at unless told otherwise. */
export const noonMs = Date.UTC(2026, 0, 5, 12);

let count = 0;

/** What the rows of clickstream, events-clean and events-enriched have in common. */
function commonColumns() {
  count += 1;
  return {
    event_id: `event-${String(count).padStart(6, '0')}`,
    session_id: 'session-1',
    user_id: 'user-1',
    anonymous_id: null,
    event_type: 'page_view',
    page_url: 'https://shop.example/products/product-1',
    product_id: 'product-1',
    search_query: null,
    device_type: 'desktop',
    country: 'DE',
    timestamp: noonMs,
    namespace: 'default',
    received_at: noonMs,
    client_timestamp: noonMs,
    clock: 'client',
    session_derived: false,
    schema_version: 1,
    dialect: 'event',
    consent: 'granted',
    quantity: null,
    unit_price: null,
    currency: null,
    value: null,
    order_id: null,
    order_total: null,
    parent_event_id: null,
    line_number: null,
    line_items: [],
    cart_id: null,
    dwell_ms: null,
    surface: 'pdp',
    widget: null,
    recommended: null,
    request_id: null,
    rank: null,
    referrer: null,
    experiment: null,
    ab_bucket: null,
    properties: {},
  };
}

/** A valid page view by `user-1` in `session-1` as the collector writes it. Each call has a new event id. */
export function clickstreamEvent(columns: Partial<Clickstream> = {}): Clickstream {
  return { ...commonColumns(), referrer_url: null, browser: 'Firefox', ...columns };
}

/** The same as the cleaning stage writes it; `user_identifier` follows from the ids. */
export function cleanEvent(columns: Partial<CleanEvent> = {}): CleanEvent {
  const event = { ...commonColumns(), referrer_url: null, browser: 'Firefox', ...columns };
  return { user_identifier: event.user_id ?? event.anonymous_id, ...event };
}

/** The same as enrichment writes it, with the columns of `product-1`. */
export function enrichedEvent(columns: Partial<EnrichedEvent> = {}): EnrichedEvent {
  const event = {
    ...commonColumns(),
    product_name: 'Walking boots',
    product_category: 'shoes',
    product_subcategory: 'boots',
    product_price: '89.90',
    product_brand: 'Nordweg',
    ...columns,
  };
  return { user_identifier: event.user_id ?? event.anonymous_id, ...event };
}

/** A product as the catalog writes it, on sale, valid from the beginning of time. */
export function productVersion(columns: Partial<Product> = {}): Product {
  return {
    product_id: 'product-1',
    name: 'Walking boots',
    category: 'shoes',
    subcategory: 'boots',
    price: '89.90',
    brand: 'Nordweg',
    namespace: 'default',
    valid_from: null,
    description: null,
    attributes: {},
    tags: [],
    currency: 'EUR',
    available: true,
    is_active: true,
    url: null,
    image_url: null,
    version: 1,
    updated_at: noonMs,
    ...columns,
  };
}
