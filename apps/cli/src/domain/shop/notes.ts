// What the shop's pages report of a visit: event requests and the time that passes before each.
import type { EventRequest } from '../csv-event.ts';
import type { Chance } from './chance.ts';
import type { Shop, ShopProduct } from './products.ts';
import type { Shopper } from './shopper.ts';

export interface VisitWorld {
  shop: Shop;
  shopper: Shopper;
  chance: Chance;
  /** Unique among all runs, at most 40 characters. */
  visitId: string;
  /** Whether the shopper has been here before. */
  isReturning: boolean;
}

/** An event and the time that passes before it. */
export interface Step {
  afterMs: number;
  event: EventRequest;
}

/** Products shown together. */
export interface List {
  surface: string;
  widget: string;
  products: readonly ShopProduct[];
}

const SITE = 'https://shop.example';

export type Notes = ReturnType<typeof createNotes>;

/** Writes events down as the shop's pages would. */
export function createNotes(world: VisitWorld, state: { signedIn: boolean }) {
  const { chance, visitId } = world;
  const { step, stay } = createSteps(world, state);
  const pageOf = (product: ShopProduct) => `${SITE}/p/${slug(product.name)}`;
  return {
    /** Those with an account use it from here on. */
    signIn: () => {
      state.signedIn = true;
    },
    page: (path: string, fields: EventRequest) =>
      step(4_000, 'page_view', { page_url: SITE + path, ...fields }),
    search: (query: string) =>
      step(5_000, 'search', {
        search_query: query,
        surface: 'search',
        page_url: `${SITE}/search?q=${encodeURIComponent(query)}`,
      }),
    *impressions(list: List): Generator<Step, void> {
      for (const [index, product] of list.products.entries()) {
        const where = { surface: list.surface, widget: list.widget, rank: index + 1 };
        yield step(index === 0 ? 1_500 : 120, 'impression', { product_id: product.id, ...where });
      }
    },
    click: (list: List, index: number) =>
      step(3_000, 'click', {
        product_id: list.products[index]?.id,
        surface: list.surface,
        widget: list.widget,
        rank: index + 1,
      }),
    /** Whatever comes next comes after the time spent here. */
    look: (product: ShopProduct) => {
      const stayMs = chance.duration(8_000);
      const where = { page_url: pageOf(product), surface: 'pdp', dwell_ms: stayMs };
      const look = step(1_200, 'page_view', { product_id: product.id, ...where, ...priceOf(product) });
      stay(stayMs);
      return look;
    },
    like: (product: ShopProduct) => step(6_000, 'like', { product_id: product.id, surface: 'pdp' }),
    cart: (type: 'add_to_cart' | 'remove_from_cart', product: ShopProduct, quantity: number) =>
      step(9_000, type, {
        product_id: product.id,
        quantity,
        cart_id: `cart-${visitId}`,
        ...priceOf(product),
      }),
    purchase: (cart: ReadonlyMap<ShopProduct, number>) =>
      step(40_000, 'purchase', { surface: 'cart', order_id: `order-${visitId}`, ...toOrder(cart) }),
  };
}

/** Steps with what all events of a visit have in common. */
function createSteps({ shopper, chance, visitId }: VisitWorld, state: { signedIn: boolean }) {
  let count = 0;
  let staysMs: number | undefined;
  return {
    /** How long the shopper stays where they are now. */
    stay: (durationMs: number) => {
      staysMs = durationMs;
    },
    /** @param medianMs time that usually passes before, unless it is known how long the shopper stays */
    step: (medianMs: number, type: string, fields: EventRequest): Step => {
      count += 1;
      const afterMs = staysMs ?? (count === 1 ? 0 : chance.duration(medianMs));
      staysMs = undefined;
      const event = {
        event_id: `${visitId}-${count}`,
        event_type: type,
        session_id: visitId,
        anonymous_id: shopper.anonymousId,
        ...(state.signedIn && shopper.userId !== null && { user_id: shopper.userId }),
        device_type: shopper.device,
        browser: shopper.browser,
        country: shopper.country,
        consent: 'granted',
        ...fields,
      };
      return { afterMs, event };
    },
  };
}

const priceOf = ({ price, currency }: ShopProduct) => ({ unit_price: price.toFixed(2), currency });

function toOrder(cart: ReadonlyMap<ShopProduct, number>): EventRequest {
  const lines = [...cart];
  const total = lines.reduce((sum, [{ price }, quantity]) => sum + price * quantity, 0);
  return {
    currency: lines[0]?.[0].currency,
    order_total: total.toFixed(2),
    items: lines.map(([{ id, price }, quantity]) => ({
      product_id: id,
      quantity,
      unit_price: price.toFixed(2),
    })),
  };
}

export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
