// Events as nobody would wish for them, the same for the same seed. What all of them have in common is what the stages promise to bear.
import { type Clickstream, EVENT_TYPES, EVENT_TYPE_ALIASES, type Product } from '@shopstream/contracts';
import { clickstreamEvent, productVersion } from '@shopstream/testkit';
import { type DataSet, withClosingEvents } from './data-set.ts';
import { type Random, createRandom } from '../random.ts';

const START_MS = Date.UTC(2025, 2, 3, 10, 17);
const MINUTE_MS = 60_000;
const WINDOWS_MS = [5 * MINUTE_MS, 30 * MINUTE_MS];
const SPELLINGS = [...EVENT_TYPES, ...Object.keys(EVENT_TYPE_ALIASES)];
const HOT_SPELLINGS = ['page_view', 'click', 'add_to_cart', 'purchase', 'search', 'remove_from_cart'];
const NAMESPACES = ['default', 'other-shop'];
const SESSIONS = Array.from({ length: 400 }, (_, index) => `session-${index}`);
const PRODUCTS = Array.from({ length: 60 }, (_, index) => `product-${index}`);
const PAGES = ['/', '/cart', '/p/1', '/p/2', '/p/3?x="1"', '/größe', '/p/😀', null];
const BAD_COLUMNS: readonly Partial<Clickstream>[] = [
  { event_id: null },
  { session_id: null },
  { event_type: null },
  { event_type: 'VIEW' },
  { namespace: 'No Capitals' },
  { namespace: '' },
  { timestamp: Date.UTC(1999, 11, 31) },
  { timestamp: Date.UTC(2100, 0, 1) },
  { user_id: 'with space' },
  { anonymous_id: '' },
  { product_id: 'x'.repeat(51) },
  { session_id: '😀'.repeat(26) },
  { event_id: 'line\nbreak' },
];
/** At the bound, and just within. */
const ODD_COLUMNS: readonly Partial<Clickstream>[] = [
  { user_id: '😀'.repeat(25) },
  { product_id: 'x'.repeat(50) },
  { session_id: 'sitzung-"ü"' },
  { session_id: "it's" },
  { widget: 'similar', surface: null },
  { widget: 'similar', surface: 'home' },
  { widget: 'similar', surface: 'pdp' },
  { country: null, device_type: null },
  { country: 'a"b\\c\u0001' },
  { unit_price: '9999999999.99', order_total: '-0.01', quantity: 0, value: 0.1 },
  {
    line_items: [
      { product_id: 'a', quantity: null, unit_price: null },
      { product_id: 'b', quantity: 2, unit_price: '0.10' },
    ],
    properties: { '': '', key: '{"a":[1]}' },
  },
];

export interface AdversarialOptions {
  seed: number;
  count: number;
  /** Farthest that an event may be behind the newest before it. */
  disorderMs: number;
  /** Share of events that come minutes or hours too late. */
  lateShare: number;
}

/** Disorder up to a bound, late events, repetitions, window borders, hot keys, null users, changing products, and rows to be refused. */
export function adversarialEvents(options: AdversarialOptions): DataSet {
  const random = createRandom(options.seed);
  const events: Clickstream[] = [];
  for (let index = 0; index < options.count; index += 1) {
    const before = events.at(-1 - random.integer(50));
    if (before !== undefined && random.chance(0.05)) events.push(repeated(random, before));
    else events.push(nextEvent(random, { ...options, index }));
  }
  return withClosingEvents({ products: changingProducts(random), events }, newestMs(options.count));
}

/** The same once more, or another event that came by the same id. */
const repeated = (random: Random, before: Clickstream): Clickstream =>
  random.chance(0.5) ? before : { ...before, event_type: random.pick(SPELLINGS), quantity: 7 };

/** The newest time that an event of this position may have: two events a second. */
const newestMs = (index: number): number => START_MS + index * 500;

function nextEvent(
  random: Random,
  { index, ...options }: AdversarialOptions & { index: number },
): Clickstream {
  const namespace = random.pickHot(NAMESPACES);
  const kind = random.integer(20);
  return clickstreamEvent({
    event_id: `${options.seed}-${index}`,
    namespace,
    session_id: random.pickHot(SESSIONS),
    user_id: random.chance(0.5) ? `user-${random.integer(30)}` : null,
    anonymous_id: random.chance(0.5) ? `anonymous-${random.integer(30)}` : null,
    event_type: random.pick(random.chance(0.9) ? HOT_SPELLINGS : SPELLINGS),
    page_url: random.pick(PAGES),
    product_id: random.chance(0.8) ? random.pickHot(PRODUCTS) : random.pick([null, 'unknown']),
    device_type: random.pickHot(['desktop', 'mobile', null]),
    country: random.pickHot(['DE', 'FR', null]),
    timestamp: timeOf(random, { index, ...options }),
    ...(kind === 0 ? random.pick(BAD_COLUMNS) : {}),
    ...(kind === 1 ? random.pick(ODD_COLUMNS) : {}),
  });
}

/** One in ten exactly at the border of a window, or a millisecond from it. */
function timeOf(random: Random, options: AdversarialOptions & { index: number }): number {
  const { index, disorderMs, lateShare } = options;
  const newest = newestMs(index);
  if (random.chance(lateShare)) return newest - disorderMs - random.integer(120 * MINUTE_MS);
  const at = newest - (random.chance(0.02) ? disorderMs : random.integer(disorderMs + 1));
  const border = Math.floor(at / random.pick(WINDOWS_MS)) * random.pick(WINDOWS_MS) + random.integer(3) - 1;
  return random.chance(0.1) && border <= newest && border >= newest - disorderMs ? border : at;
}

/** Versions whose price, name and category change while events come, some announced out of order, some twice at one instant. */
function changingProducts(random: Random): Product[] {
  const versions = NAMESPACES.flatMap((namespace) =>
    PRODUCTS.filter((_, index) => index % 7 !== 6).flatMap((product_id, index) =>
      Array.from({ length: 1 + (index % 4) }, (_, number) =>
        productVersion({
          namespace,
          product_id,
          version: number + 1,
          name: random.pick(['Boots', 'Walking boots', 'Größe 43 "wide"', '']),
          category: random.pick(['shoes', 'Zubehör', 'Accessories', null]),
          price: random.pick(['0.01', '19.99', '20.00', '33.33', '9999999999.99', null]),
          valid_from:
            number === 0
              ? random.pick([null, START_MS])
              : START_MS + random.integer(60) * MINUTE_MS + random.integer(2),
        }),
      ),
    ),
  );
  return versions.sort((a, b) => a.product_id.localeCompare(b.product_id) || random.integer(3) - 1);
}
