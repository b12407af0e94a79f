// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
/** Product versions; every change of an item is one record. */
export interface Product {
  /** Product id. */
  product_id: string;
  /** Name. */
  name: string;
  /** Category. */
  category: null | string;
  /** Subcategory. */
  subcategory: null | string;
  /** Price of one unit. */
  price: null | string;
  /** Brand. */
  brand: null | string;
  /** Tenant; part of every key. */
  namespace: string;
  /** Start of this version's validity; null on an item's first version: valid from the beginning of time. */
  valid_from: null | number;
  /** Description. */
  description: null | string;
  /** Further attributes; values that are no strings are JSON. */
  attributes: Record<string, string>;
  /** Tags such as brand:acme, category:shoes. */
  tags: string[];
  /** ISO 4217 code of price. */
  currency: null | string;
  /** False when out of stock. */
  available: boolean;
  /** False when archived. */
  is_active: boolean;
  /** Product page. */
  url: null | string;
  /** Image. */
  image_url: null | string;
  /** Version of the item, from 1. */
  version: number;
  /** Time of the change. */
  updated_at: null | number;
}
