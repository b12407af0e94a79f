import type { Attributes, ItemInput, Product } from '@shopstream/contracts';
import { toTags } from './tags.ts';

/** One version of an item. Times are epoch milliseconds. */
export interface Item extends Omit<ItemInput, 'attributes'> {
  namespace: string;
  attributes: Attributes;
  is_active: boolean;
  /** From 1, without gaps. */
  version: number;
  updated_at: number;
}

/** What makes a version: two items that agree here are the same version. */
export type ItemContent = Omit<Item, 'namespace' | 'version' | 'valid_from' | 'updated_at'>;

export function toContent({ valid_from: _, ...input }: ItemInput): ItemContent {
  return { ...input, tags: toTags(input), is_active: true };
}

/** The row of `ecom.products.v1` for a version. */
export function toProduct(item: Item): Product {
  return {
    product_id: item.item_id,
    name: item.title,
    category: item.category,
    subcategory: item.subcategory,
    price: item.price,
    brand: item.brand,
    namespace: item.namespace,
    valid_from: item.valid_from,
    description: item.description,
    attributes: toTexts(item.attributes),
    tags: item.tags,
    currency: item.currency,
    available: item.available,
    is_active: item.is_active,
    url: item.url,
    image_url: item.image_url,
    version: item.version,
    updated_at: item.updated_at,
  };
}

function toTexts(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
