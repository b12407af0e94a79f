// Requests and answers of the catalog's item routes.
import { z } from 'zod';
import { DEFAULT_NAMESPACE, idSchema, namespaceSchema } from '../ids.ts';
import { attributesSchema, unstorable } from './items-attributes.ts';
import type { Attributes } from './items-attributes.ts';
import { priceSchema } from './items-price.ts';

export const MAX_BATCH_ITEMS = 1_000;

const text = (maxLength: number) =>
  z
    .string('must be a string')
    .trim()
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine((value) => !unstorable.test(value), 'must hold no NUL or broken characters');

/** Empty text is no text. */
const optionalText = (maxLength: number) =>
  text(maxLength)
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .default(null);

const webAddress = text(2_000).pipe(z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }));

const currency = z
  .string('must be a string')
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{3}$/, 'must be a currency code of three letters such as EUR');

const pointInTime = z
  .union([z.iso.datetime({ offset: true }).transform((value) => Date.parse(value)), z.int().min(0)], {
    error: 'must be an ISO 8601 time with offset, or epoch milliseconds',
  })
  .refine((value) => value < Date.UTC(10_000, 0), 'must be before the year 10000');

const itemFields = {
  title: text(500).min(1, 'must not be empty'),
  description: optionalText(20_000),
  category: optionalText(100),
  subcategory: optionalText(100),
  brand: optionalText(100),
  price: priceSchema.nullable().default(null),
  currency: currency.nullable().default(null),
  available: z.boolean('must be true or false').default(true),
  url: webAddress.nullable().default(null),
  image_url: webAddress.nullable().default(null),
  parent_sku: idSchema.nullable().default(null),
  tags: z.array(text(100).min(1, 'must not be empty')).max(100, 'must have at most 100 tags').default([]),
  attributes: attributesSchema.default({}),
  /** From when this version holds; see the catalog's README. */
  valid_from: pointInTime.nullable().default(null),
};

/** Body of `PUT /v1/items/{id}`: the whole item; what is left out is empty afterwards. */
export const itemContentSchema = z.strictObject(itemFields);

/** An item with its id, as in a batch. */
export const itemSchema = z.strictObject({ item_id: idSchema, ...itemFields });

export type ItemInput = z.output<typeof itemSchema>;

/** Body of `POST /v1/items:batch`; each item is judged alone. */
export const itemBatchSchema = z.strictObject({
  items: z
    .array(z.unknown(), 'must be an array')
    .min(1, 'must hold at least one item')
    .max(MAX_BATCH_ITEMS, `must hold at most ${MAX_BATCH_ITEMS} items`),
});

/** Query of every item route. */
export const itemQuerySchema = z.object({ namespace: namespaceSchema.default(DEFAULT_NAMESPACE) });

/** Query of `GET /v1/items`: pages in order of item id. */
export const itemListQuerySchema = itemQuerySchema.extend({
  limit: z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1, 'must be at least 1').max(1_000, 'must be at most 1000'))
    .default(100),
  after: idSchema.optional(),
});

/** What a write did. `unchanged`: the item was like that already and nothing was written. */
export type ItemStatus = 'created' | 'updated' | 'unchanged';

/** Answer of a single write, and of each item of a batch that was taken. */
export interface ItemWritten {
  item_id: string;
  status: ItemStatus;
  version: number;
}

export type ItemBatchResult = { index: number } & (
  ItemWritten | { status: 'refused'; errors: { field: string; reason: string }[] }
);

/** Answer of `POST /v1/items:batch`, one result per item in the order sent. */
export interface ItemBatchAnswer {
  accepted: number;
  refused: number;
  results: ItemBatchResult[];
}

/** Answer of `POST /v1/items:import`. Rows count as in a spreadsheet: the header is row 1. */
export interface ItemImportAnswer {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  /** The first thousand. */
  errors: { row: number; field: string; reason: string }[];
  /** Columns of the file that mean nothing here. */
  ignored_columns: string[];
}

/** Answer of `GET /v1/items/{id}`. Times are ISO 8601, the price has two digits. */
export interface ItemAnswer {
  item_id: string;
  namespace: string;
  title: string;
  description: string | null;
  category: string | null;
  subcategory: string | null;
  brand: string | null;
  price: string | null;
  currency: string | null;
  available: boolean;
  url: string | null;
  image_url: string | null;
  parent_sku: string | null;
  tags: string[];
  attributes: Attributes;
  is_active: boolean;
  version: number;
  valid_from: string | null;
  created_at: string;
  updated_at: string;
}

/** Answer of `GET /v1/items`; `next` is the `after` of the next page, null on the last one. */
export interface ItemListAnswer {
  items: ItemAnswer[];
  next: string | null;
}
