// All items in memory. A version never gives way to an earlier one, so rows may come in any order and more than once; the
// same version may come again with another rating.
import type { ItemMetadata } from '@shopstream/contracts';
import type { RankableItem, Scored } from '@shopstream/recommender';

/** An item as it is ranked and shown. */
export interface ServedItem extends RankableItem {
  metadata: ItemMetadata;
}

/** A row of the catalogue. */
export interface CatalogRow {
  namespace: string;
  itemId: string;
  version: number;
  available: boolean;
  metadata: ItemMetadata;
}

/** The items of one tenant. */
export interface NamespaceCatalog {
  get(itemId: string): ServedItem | undefined;
  /** The category's name as the catalogue spells it, whatever its case. */
  categoryName(category: string): string | undefined;
  /** Items of one category, or all. */
  items(category?: string): Iterable<ServedItem>;
  /** At most `count` available items of one category or all, the best rated of the first 10,000. */
  bestRated(count: number, category?: string): Scored[];
}

export interface Catalog {
  /** Takes the rows in. @returns false when the catalogue is full and some were left out */
  apply(rows: readonly CatalogRow[]): boolean;
  in(namespace: string): NamespaceCatalog;
  size(): number;
}

interface Category {
  name: string;
  items: Map<string, ServedItem>;
}

interface Entry {
  version: number;
  item: ServedItem;
}

export function createCatalog({ maxItems }: { maxItems: number }): Catalog {
  const namespaces = new Map<string, ReturnType<typeof createNamespace>>();
  let size = 0;

  function applyRow(row: CatalogRow): boolean {
    const namespace = namespaces.get(row.namespace) ?? createNamespace();
    namespaces.set(row.namespace, namespace);
    const isNew = !namespace.has(row.itemId);
    if (isNew && size >= maxItems) return false;
    namespace.put(row);
    if (isNew) size += 1;
    return true;
  }

  const nothing = createNamespace();
  return {
    apply: (rows) => rows.map(applyRow).every((taken) => taken),
    in: (namespace) => namespaces.get(namespace) ?? nothing,
    size: () => size,
  };
}

function createNamespace() {
  const entries = new Map<string, Entry>();
  const categories = new Map<string, Category>();

  function put(row: CatalogRow): void {
    const known = entries.get(row.itemId);
    if (known && known.version > row.version) return;
    const item = toServedItem(row);
    entries.set(row.itemId, { version: row.version, item });
    categories.get(keyOf(known?.item.category))?.items.delete(row.itemId);
    if (item.category === null) return;
    const category = categories.get(keyOf(item.category)) ?? { name: item.category, items: new Map() };
    categories.set(keyOf(item.category), category);
    category.items.set(row.itemId, item);
  }

  function* items(category?: string): Iterable<ServedItem> {
    if (category !== undefined) yield* categories.get(keyOf(category))?.items.values() ?? [];
    else for (const { item } of entries.values()) yield item;
  }

  return {
    put,
    items,
    has: (itemId: string) => entries.has(itemId),
    get: (itemId: string) => entries.get(itemId)?.item,
    categoryName: (category: string) => categories.get(keyOf(category))?.name,
    bestRated: (count: number, category?: string) => bestRated(items(category), count),
  };
}

const keyOf = (category: string | null | undefined): string => category?.toLowerCase() ?? '';

function toServedItem({ itemId, available, metadata }: CatalogRow): ServedItem {
  const { title, category, brand } = metadata;
  return { itemId, title, category, brand, available, metadata };
}

/** More would hold up every other request; with so many items there are popular ones soon. */
const scannedItems = 10_000;

/** Scores are ratings from 1 to 6; unrated items count as 1. Keeps the best while passing once. */
function bestRated(items: Iterable<ServedItem>, count: number): Scored[] {
  const byRating = (a: Scored, b: Scored) => b.score - a.score || (a.itemId < b.itemId ? -1 : 1);
  let best: Scored[] = [];
  let scanned = 0;
  for (const { itemId, available, metadata } of items) {
    scanned += 1;
    if (scanned > scannedItems) break;
    if (!available) continue;
    best.push({ itemId, score: 1 + (metadata.rating ?? 0) });
    if (best.length >= 4 * count) best = best.sort(byRating).slice(0, count);
  }
  return best.sort(byRating).slice(0, count);
}
