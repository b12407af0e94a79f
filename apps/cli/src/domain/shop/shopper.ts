import { type Chance, createChance } from './chance.ts';
import type { Shop, ShopProduct } from './products.ts';

/** Somebody with a device and tastes; the same in every visit. */
export interface Shopper {
  number: number;
  anonymousId: string;
  /** Null for those who never make an account. */
  userId: string | null;
  device: 'desktop' | 'mobile' | 'tablet';
  browser: string;
  country: string;
  /** Favourite categories, the dearest first. */
  favourites: readonly string[];
  favouriteBrand: string;
  /** What a usual purchase may cost. */
  budget: number;
  /** How readily a look becomes a purchase, 0 to 1. */
  decisiveness: number;
}

const COUNTRIES = [
  ...([
    ['DE', 32],
    ['FR', 14],
    ['AT', 10],
    ['NL', 9],
    ['GB', 9],
    ['PL', 7],
    ['CH', 6],
    ['ES', 6],
  ] as const),
  ...([
    ['IT', 4],
    ['SE', 3],
  ] as const),
];
const DEVICES = [
  { device: 'mobile', browser: 'Mobile Safari', weight: 31 },
  { device: 'mobile', browser: 'Chrome', weight: 27 },
  { device: 'desktop', browser: 'Chrome', weight: 20 },
  { device: 'desktop', browser: 'Firefox', weight: 10 },
  { device: 'desktop', browser: 'Edge', weight: 6 },
  { device: 'tablet', browser: 'Safari', weight: 6 },
] as const;
const FAVOURITES = 3;
const ACCOUNT_SHARE = 0.6;

export function createShopper(seed: number, number: number, shop: Shop): Shopper {
  const chance = createChance(seed, `shopper ${number}`);
  const device = chance.weighted(DEVICES, ({ weight }) => weight) ?? DEVICES[0];
  const favourites = pickFavourites(chance, shop);
  const known = shop.inCategory(favourites[0] ?? '');
  const code = String(number).padStart(4, '0');
  return {
    number,
    anonymousId: `visitor-${code}`,
    userId: chance.happens(ACCOUNT_SHARE) ? `shopper-${code}` : null,
    device: device.device,
    browser: device.browser,
    country: chance.weighted(COUNTRIES, ([, weight]) => weight)?.[0] ?? 'DE',
    favourites,
    favouriteBrand: chance.weighted(known, () => 1)?.brand ?? '',
    budget: chance.duration(70),
    decisiveness: 0.15 + 0.5 * chance.fraction(),
  };
}

function pickFavourites(chance: Chance, shop: Shop): string[] {
  const left = [...shop.categories];
  const favourites: string[] = [];
  while (favourites.length < FAVOURITES && left.length > 0) {
    const [category] = left.splice(chance.integer(0, left.length - 1), 1);
    if (category !== undefined) favourites.push(category);
  }
  return favourites;
}

/** How much a product attracts a shopper: favourites first, then brand, then what the purse allows. */
export function attraction(shopper: Shopper, product: ShopProduct): number {
  const rank = shopper.favourites.indexOf(product.category);
  const taste = rank < 0 ? 0.25 : 4 / (rank + 1);
  const brand = product.brand === shopper.favouriteBrand ? 2.5 : 1;
  return (taste * brand) / (1 + product.price / shopper.budget);
}
