// A made-up shop of the size that engines are compared at: shoppers keep to a few categories, and few items get most of the visits.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export const SHOP = { items: 5_000, users: 2_000, categories: 50, events: 100_000 } as const;

const PER_CATEGORY = SHOP.items / SHOP.categories;
const SESSION_EVENTS = 8;
const DAY_MS = 86_400_000;
const types = ['view', 'view', 'view', 'view', 'click', 'click', 'add_to_cart', 'purchase'] as const;

export interface ShopEvent {
  event_id: string;
  event_type: string;
  user_id: string;
  session_id: string;
  product_id: string;
  timestamp: string | undefined;
  page_url: string;
  referrer_url: string;
  device_type: string;
  browser: string;
  country: string;
  quantity?: number;
  unit_price?: string;
  currency?: string;
  order_id?: string;
}

const name = (kind: string, index: number): string => `${kind}-${String(index).padStart(5, '0')}`;
export const userId = (index: number): string => name('user', index % SHOP.users);
export const itemId = (index: number): string => name('item', index % SHOP.items);
const categoryOf = (item: number): string => `category ${Math.floor(item / PER_CATEGORY)}`;
const priceOf = (item: number): string => (5 + ((item * 7_919) % 20_000) / 100).toFixed(2);

export interface ShopItem {
  item_id: string;
  title: string;
  category: string;
  brand: string;
  price: string;
  currency: string;
  url: string;
}

export const shopItems = (): ShopItem[] =>
  Array.from({ length: SHOP.items }, (_, item) => ({
    item_id: itemId(item),
    title: `Article ${item} of ${categoryOf(item)}`,
    category: categoryOf(item),
    brand: `brand ${item % 97}`,
    price: priceOf(item),
    currency: 'EUR',
    url: `https://shop.example/items/${itemId(item)}`,
  }));

/** The same events for the same `seed`, in the order of their times, which end at `untilMs` a day after they began. */
export function shopEvents(count: number, { seed, untilMs }: { seed: number; untilMs: number }): ShopEvent[] {
  const generator = xoroshiro128plus(seed);
  const chance = () => uniformFloat64(generator);
  const events: ShopEvent[] = [];
  const open: Session[] = [];
  for (let index = 0; index < count; index += 1) {
    const slot = Math.floor(chance() * 200);
    const before = open[slot];
    const session =
      before !== undefined && before.left > 0 ? before : newSession(chance, `session-${seed}-${index}`);
    session.left -= 1;
    open[slot] = session;
    const { user, category, id } = session;
    // Skewed: half of the visits go to a tenth of a category's items.
    const item = category * PER_CATEGORY + Math.floor(PER_CATEGORY * chance() ** 3);
    const type = types[Math.floor(chance() * types.length)] ?? 'view';
    const timestamp = new Date(untilMs - DAY_MS + (index / count) * DAY_MS).toISOString();
    events.push(toEvent({ id: `event-${seed}-${index}`, type, user, item, session: id, timestamp }));
  }
  return events;
}

interface Session {
  user: number;
  category: number;
  id: string;
  /** Events to come. */
  left: number;
}

function newSession(chance: () => number, id: string): Session {
  const user = Math.floor(chance() * SHOP.users);
  // Each shopper has three categories.
  const category = (user * 7 + Math.floor(chance() * 3) * 11) % SHOP.categories;
  return { user, category, id, left: 1 + Math.floor(chance() * 2 * SESSION_EVENTS) };
}

function toEvent(of: {
  id: string;
  type: string;
  user: number;
  item: number;
  session: string;
  timestamp: string;
}): ShopEvent {
  const sold = { quantity: 1, unit_price: priceOf(of.item), currency: 'EUR' };
  return {
    event_id: of.id,
    event_type: of.type,
    user_id: userId(of.user),
    session_id: of.session,
    product_id: itemId(of.item),
    timestamp: of.timestamp,
    page_url: `https://shop.example/items/${itemId(of.item)}`,
    referrer_url: 'https://shop.example/',
    device_type: of.user % 3 === 0 ? 'desktop' : 'mobile',
    browser: 'Firefox',
    country: 'DE',
    ...(of.type === 'purchase' && { ...sold, order_id: `order-${of.id}` }),
    ...(of.type === 'add_to_cart' && sold),
  };
}
