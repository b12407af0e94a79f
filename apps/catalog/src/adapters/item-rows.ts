import type { Insertable, Selectable } from 'kysely';
import type { StoredItem } from '../domain/item-store.ts';
import type { Item } from '../domain/item.ts';
import type { ItemTable } from './tables.ts';

export const itemColumns = [
  'namespace',
  'item_id',
  'title',
  'description',
  'category',
  'subcategory',
  'tags',
  'brand',
  'price',
  'currency',
  'available',
  'url',
  'image_url',
  'parent_sku',
  'attributes',
  'is_active',
  'version',
  'valid_from',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof ItemTable)[];

export function toRow(item: Item): Insertable<ItemTable> {
  return {
    namespace: item.namespace,
    item_id: item.item_id,
    title: item.title,
    description: item.description,
    category: item.category,
    subcategory: item.subcategory,
    tags: item.tags,
    brand: item.brand,
    price: item.price,
    currency: item.currency,
    available: item.available,
    url: item.url,
    image_url: item.image_url,
    parent_sku: item.parent_sku,
    attributes: item.attributes,
    is_active: item.is_active,
    version: item.version,
    valid_from: item.valid_from === null ? null : new Date(item.valid_from),
    updated_at: new Date(item.updated_at),
  };
}

export function fromRow(row: Selectable<ItemTable>): StoredItem {
  return {
    ...row,
    version: Number(row.version),
    valid_from: row.valid_from?.getTime() ?? null,
    created_at: row.created_at.getTime(),
    updated_at: row.updated_at.getTime(),
  };
}
