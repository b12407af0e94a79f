// One visit to the shop, from landing to purchase or leaving. Decided by seed and visit number alone.
import type { Chance } from './chance.ts';
import type { Shop, ShopProduct } from './products.ts';
import { attraction } from './shopper.ts';
import { createNotes, type List, type Notes, slug, type Step, type VisitWorld } from './notes.ts';

const LIST_LENGTH = 5;
const RANK_BIAS = [1, 0.8, 0.65, 0.55, 0.45] as const;
const MAX_LOOKS = 12;

type Landing = 'home' | 'category' | 'search' | 'product';
/** The steps of a visit, in order. */
export function* visit(world: VisitWorld): Generator<Step, void> {
  const { shop, shopper, chance, isReturning } = world;
  const note = createNotes(world, { signedIn: isReturning && chance.happens(0.7) });
  const cart = new Map<ShopProduct, number>();
  const seen = new Set<ShopProduct>();
  const category = chance.weighted(shopper.favourites, (name) => 3 - shopper.favourites.indexOf(name)) ?? '';
  let current: ShopProduct | undefined;
  const landing: Landing =
    chance.weighted(['home', 'search', 'category', 'product'] as const, landingWeight) ?? 'home';

  if (landing === 'home') yield note.page('/', { surface: 'home' });
  if (landing === 'category') yield note.page(`/c/${slug(category)}`, { surface: 'category' });
  if (landing === 'search') yield note.search(toQuery(chance, shop.inCategory(category)));
  if (landing === 'product') current = choose(world, shop.inCategory(category), seen);

  for (let looks = 0; looks < MAX_LOOKS && !chance.happens(0.09); looks += 1) {
    if (current === undefined) {
      const list = { surface: landing === 'product' ? 'home' : landing, ...listFor(world, category, seen) };
      yield* note.impressions(list);
      const rank = chooseRank(world, list.products);
      current = list.products[rank];
      if (current === undefined) break;
      yield note.click(list, rank);
    }
    seen.add(current);
    yield note.look(current);
    yield* decide(world, note, { cart, product: current });
    current = chance.happens(0.55) ? choose(world, related(shop, current), seen) : undefined;
  }
  if (cart.size > 0) yield* checkout(world, note, cart);
}

const landingWeight = (landing: Landing): number =>
  ({ home: 35, search: 28, category: 25, product: 12 })[landing];

function* decide(
  { shopper, chance }: VisitWorld,
  note: Notes,
  { cart, product }: { cart: Map<ShopProduct, number>; product: ShopProduct },
): Generator<Step, void> {
  const wanted = shopper.decisiveness * Math.min(1, attraction(shopper, product));
  if (chance.happens(wanted)) {
    const quantity = product.price < 30 && chance.happens(0.25) ? 2 : 1;
    cart.set(product, (cart.get(product) ?? 0) + quantity);
    yield note.cart('add_to_cart', product, quantity);
  } else if (chance.happens(0.06)) yield note.like(product);
}

function* checkout(
  { chance, shopper }: VisitWorld,
  note: Notes,
  cart: Map<ShopProduct, number>,
): Generator<Step, void> {
  yield note.page('/cart', { surface: 'cart' });
  for (const [product, quantity] of [...cart]) {
    if (!chance.happens(0.15)) continue;
    cart.delete(product);
    yield note.cart('remove_from_cart', product, quantity);
  }
  if (cart.size === 0 || !chance.happens(0.35 + shopper.decisiveness)) return;
  note.signIn();
  yield note.page('/checkout', { surface: 'cart' });
  yield note.purchase(cart);
}

function listFor(world: VisitWorld, category: string, seen: ReadonlySet<ShopProduct>): Omit<List, 'surface'> {
  const { shop, chance } = world;
  const isHome = chance.happens(0.3);
  const pool = isHome ? shop.products : shop.inCategory(category);
  const products: ShopProduct[] = [];
  for (let tries = 0; tries < 4 * LIST_LENGTH && products.length < LIST_LENGTH; tries += 1) {
    const product = choose(world, pool, seen);
    if (product && !products.includes(product)) products.push(product);
  }
  return { widget: isHome ? 'for_you' : 'product_list', products };
}

function chooseRank({ shopper, chance }: VisitWorld, products: readonly ShopProduct[]): number {
  const weights = products.map((product, index) => attraction(shopper, product) * (RANK_BIAS[index] ?? 0.4));
  return chance.weighted([...products.keys()], (index) => weights[index] ?? 0) ?? 0;
}

/** What goes with a product: its own kind first, then its category. */
function related(shop: Shop, { category, subcategory }: ShopProduct): readonly ShopProduct[] {
  const neighbours = shop.inCategory(category);
  const alike = neighbours.filter((product) => product.subcategory === subcategory);
  return [...alike, ...alike, ...neighbours];
}

function choose(
  { shopper, chance }: VisitWorld,
  pool: readonly ShopProduct[],
  seen: ReadonlySet<ShopProduct>,
): ShopProduct | undefined {
  const fresh = pool.filter((product) => !seen.has(product));
  return chance.weighted(fresh, (product) => attraction(shopper, product));
}

/** What people type: a kind of thing, or the last words of a name, in lower case. */
function toQuery(chance: Chance, products: readonly ShopProduct[]): string {
  const product = chance.weighted(products, () => 1);
  if (!product) return 'gift';
  return (
    chance.happens(0.5) ? product.subcategory : product.name.split(' ').slice(-2).join(' ')
  ).toLowerCase();
}
