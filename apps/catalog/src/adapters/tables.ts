import type { Attributes, Product } from '@shopstream/contracts';
import { Kysely, PostgresDialect } from 'kysely';
import type { ColumnType, Generated } from 'kysely';
import type { Pool } from '@shopstream/stores';

/** The columns this service writes; the table has more, which stay at their defaults. */
export interface ItemTable {
  namespace: string;
  item_id: string;
  title: string;
  description: string | null;
  category: string | null;
  subcategory: string | null;
  tags: string[];
  brand: string | null;
  price: string | null;
  currency: string | null;
  available: boolean;
  url: string | null;
  image_url: string | null;
  parent_sku: string | null;
  attributes: Attributes;
  is_active: boolean;
  version: ColumnType<string, number, number>;
  valid_from: Date | null;
  created_at: Generated<Date>;
  updated_at: Date;
}

export interface OutboxTable {
  id: Generated<string>;
  topic: 'ecom.products.v1';
  payload: Product;
  created_at: Generated<Date>;
}

export interface Tables {
  items: ItemTable;
  outbox: OutboxTable;
}

/** Builds and runs SQL on a pool that belongs to somebody else: never destroy it. */
export function queriesOn(pool: Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
