import type { Clickstream, EnrichedEvent, Product } from '@shopstream/contracts';

export interface EventFacts {
  eventId: string;
  eventType: string;
  userId: string;
  sessionId: string;
  productId: string;
  price: string | null;
  timestamp: number;
}

/** An event with few facts as the collector writes it. */
export function toClickstream(facts: EventFacts): Clickstream {
  return {
    event_id: facts.eventId,
    session_id: facts.sessionId,
    user_id: facts.userId,
    anonymous_id: null,
    event_type: facts.eventType,
    page_url: `https://shop.example/items/${facts.productId}`,
    referrer_url: null,
    product_id: facts.productId,
    search_query: null,
    device_type: 'desktop',
    browser: 'Firefox',
    country: 'DE',
    timestamp: facts.timestamp,
    namespace: 'default',
    received_at: facts.timestamp,
    client_timestamp: facts.timestamp,
    clock: 'client',
    session_derived: false,
    schema_version: 1,
    dialect: 'event',
    consent: 'unknown',
    quantity: facts.eventType === 'page_view' ? null : 1,
    unit_price: facts.price,
    currency: 'USD',
    value: null,
    order_id: null,
    order_total: null,
    parent_event_id: null,
    line_number: null,
    line_items: [],
    cart_id: null,
    dwell_ms: null,
    surface: null,
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

/** The same as enrichment writes it, of a product in the only category. */
export function toEnriched(facts: EventFacts): EnrichedEvent {
  return {
    event_id: facts.eventId,
    session_id: facts.sessionId,
    user_identifier: facts.userId,
    user_id: facts.userId,
    event_type: facts.eventType,
    page_url: `https://shop.example/items/${facts.productId}`,
    product_id: facts.productId,
    search_query: null,
    device_type: 'desktop',
    country: 'DE',
    timestamp: facts.timestamp,
    product_name: `Article ${facts.productId}`,
    product_category: 'shoes',
    product_subcategory: null,
    product_price: facts.price,
    product_brand: null,
    namespace: 'default',
    anonymous_id: null,
    received_at: facts.timestamp,
    client_timestamp: facts.timestamp,
    clock: 'client',
    session_derived: false,
    schema_version: 1,
    dialect: 'event',
    consent: 'unknown',
    quantity: facts.eventType === 'page_view' ? null : 1,
    unit_price: facts.price,
    currency: 'USD',
    value: null,
    order_id: null,
    order_total: null,
    parent_event_id: null,
    line_number: null,
    line_items: [],
    cart_id: null,
    dwell_ms: null,
    surface: null,
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

/** A product as the catalog writes it, valid from the beginning of time. */
export function toProduct(facts: {
  productId: string;
  category: string;
  brand: string;
  price: string;
}): Product {
  return {
    product_id: facts.productId,
    name: `Article ${facts.productId}`,
    category: facts.category === '' ? null : facts.category,
    subcategory: null,
    price: Number(facts.price).toFixed(2),
    brand: facts.brand === '' ? null : facts.brand,
    namespace: 'default',
    valid_from: null,
    description: null,
    attributes: {},
    tags: [],
    currency: 'USD',
    available: true,
    is_active: true,
    url: null,
    image_url: null,
    version: 1,
    updated_at: Date.UTC(2019, 9, 1),
  };
}
