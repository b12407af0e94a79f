// What happens in the shop of the crash tests, as a function of an event's number: the oracle knows every column without asking
// the platform. Sessions that end, anonymous shoppers, disorder within the bound, late events, events sent twice, prices that
// change in the middle, products that nobody knows.
import type { Product } from '@shopstream/contracts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 2, 2, 8);
/** Event time between two events: 100 of them are within the disorder that a window waits for. */
const STEP_MS = 200;
const PRODUCTS = 40;
const UNKNOWN_PRODUCTS = 3;
const VERSION_MS = 30 * MINUTE_MS;
const VERSIONS = 100;
const COUNTRIES = ['DE', 'FR', 'PL', null] as const;
const DEVICES = ['desktop', 'mobile', 'tablet', null] as const;
const TYPES = ['page_view', 'page_view', 'click', 'add_to_cart', 'purchase', 'search', 'page_view', 'like'];

/** Columns that follow from what was sent; equal in every topic that an event passes. */
export interface ShopEvent {
  event_id: string;
  session_id: string;
  user_id: string | null;
  anonymous_id: string | null;
  event_type: string;
  page_url: string | null;
  product_id: string | null;
  search_query: string | null;
  device_type: string | null;
  country: string | null;
  timestamp: number;
}

/** A well-mixed number of an event. */
function mixed(i: number, salt: number): number {
  let x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
}

/** The number of the event that is sent as the i-th: now and then one of a moment ago comes again. */
export const originalOf = (i: number): number => (i % 101 === 100 ? i - 37 : i);

/** The event that is sent as the i-th. */
export function eventAt(position: number): ShopEvent {
  const i = originalOf(position);
  const session = `${Math.floor(i / 8_000)}-${mixed(i, 1) % 120}`;
  const shopper = mixed(Math.floor(i / 8_000) * 120 + (mixed(i, 1) % 120), 2);
  const type = TYPES[mixed(i, 3) % TYPES.length] ?? 'page_view';
  const product = type === 'search' ? null : `product-${mixed(i, 4) % PRODUCTS}`;
  const lateness = i % 499 === 498 ? 10 * MINUTE_MS : mixed(i, 5) % 8_000;
  return {
    event_id: `event-${i}`,
    session_id: `session-${session}`,
    user_id: shopper % 6 === 0 ? null : `user-${shopper % 500}`,
    anonymous_id: shopper % 6 === 0 ? `device-${session}` : null,
    event_type: type,
    page_url: product === null ? null : `https://shop.example/${product}`,
    product_id: product,
    search_query: product === null ? `boots ${i % 7}` : null,
    device_type: DEVICES[shopper % DEVICES.length] ?? null,
    country: COUNTRIES[(shopper >>> 4) % COUNTRIES.length] ?? null,
    timestamp: START_MS + i * STEP_MS - lateness,
  };
}

export const numberOf = (eventId: string): number => Number(/^event-(\d+)$/.exec(eventId)?.[1] ?? NaN);

/** As a shop posts it. */
export function toRequest(event: ShopEvent): object {
  return {
    eventId: event.event_id,
    eventType: event.event_type,
    sessionId: event.session_id,
    userId: event.user_id,
    anonymousId: event.anonymous_id,
    productId: event.product_id,
    timestamp: new Date(event.timestamp).toISOString(),
    pageUrl: event.page_url,
    searchQuery: event.search_query,
    deviceType: event.device_type,
    country: event.country,
  };
}

/** The columns of the product version that is valid at an instant. */
export function productAt(productId: string, timestampMs: number) {
  const number = Number(productId.replace('product-', ''));
  if (number >= PRODUCTS - UNKNOWN_PRODUCTS) return null;
  const version = Math.min(VERSIONS - 1, Math.max(0, Math.floor((timestampMs - START_MS) / VERSION_MS)));
  return toColumns(number, version);
}

function toColumns(number: number, version: number) {
  return {
    product_name: `Boots ${number}, edition ${version}`,
    product_category: `category-${number % 5}`,
    product_subcategory: null,
    product_price: `${10 + number + version}.${String((number * 7 + version) % 100).padStart(2, '0')}`,
    product_brand: `brand-${number % 3}`,
  };
}

/** Every version of every product that the catalogue knows. */
export function productVersions(): Product[] {
  return Array.from({ length: PRODUCTS - UNKNOWN_PRODUCTS }, (_, number) =>
    Array.from({ length: VERSIONS }, (__, version) => toProduct(number, version)),
  ).flat();
}

function toProduct(number: number, version: number): Product {
  const columns = toColumns(number, version);
  return {
    product_id: `product-${number}`,
    name: columns.product_name,
    category: columns.product_category,
    subcategory: null,
    price: columns.product_price,
    brand: columns.product_brand,
    namespace: 'default',
    valid_from: version === 0 ? null : START_MS + version * VERSION_MS,
    description: null,
    attributes: {},
    tags: [],
    currency: 'EUR',
    available: true,
    is_active: true,
    url: null,
    image_url: null,
    version: version + 1,
    updated_at: START_MS,
  };
}
