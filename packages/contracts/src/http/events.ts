// One event in three dialects. A dialect, in each of its versions, is a table from its spellings to the fields of one schema;
// reading an older version through its own table is the upgrade.
import { z } from 'zod';
import { toEventType } from '../event-types.ts';
import { idSchema, namespaceSchema } from '../ids.ts';
import {
  consentSchema,
  currencySchema,
  EVENT_LIMITS,
  eventIdSchema,
  eventTimeSchema,
  optionalText,
  quantitySchema,
} from './events-fields.ts';
import { priceSchema } from './items-price.ts';

const label = optionalText(EVENT_LIMITS.labelLength);
const text = optionalText(EVENT_LIMITS.textLength);

const itemSchema = z.object({
  product_id: idSchema,
  quantity: quantitySchema.nullish(),
  unit_price: priceSchema.optional(),
});

/** A line of an order, its spellings folded. */
export type EventItem = z.output<typeof itemSchema>;

const eventTypeSchema = z
  .union([z.string(), z.number()], { error: 'must be an event type' })
  .transform((spelling, ctx) => {
    const type = toEventType(spelling);
    if (type !== undefined) return type;
    ctx.addIssue({ code: 'custom', message: 'is not a known event type', params: { unknown: true } });
    return z.NEVER;
  });

const integerText = z.union(
  [
    z.int(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ],
  {
    error: 'must be a whole number',
  },
);
const booleanText = z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')], {
  error: 'must be true or false',
});

/** An event of any dialect once its spellings are folded: nulls are left out, times are epoch milliseconds. */
export const eventSchema = z.object({
  event_type: eventTypeSchema,
  event_id: eventIdSchema.optional(),
  namespace: namespaceSchema.optional(),
  user_id: idSchema.optional(),
  anonymous_id: idSchema.optional(),
  session_id: idSchema.optional(),
  context_session_id: idSchema.optional(),
  product_id: idSchema.optional(),
  product_ids: z
    .array(idSchema, 'must be a list of ids')
    .min(1, 'must not be empty')
    .max(EVENT_LIMITS.orderLines, `must hold at most ${EVENT_LIMITS.orderLines} ids`)
    .optional(),
  items: z
    .array(itemSchema, 'must be a list of items')
    .min(1, 'must not be empty')
    .max(EVENT_LIMITS.orderLines, `must hold at most ${EVENT_LIMITS.orderLines} items`)
    .optional(),
  timestamp: eventTimeSchema.optional(),
  sent_at: eventTimeSchema.optional(),
  page_url: text,
  referrer_url: text,
  search_query: text,
  device_type: label,
  browser: label,
  country: label,
  consent: consentSchema.optional(),
  quantity: quantitySchema.optional(),
  unit_price: priceSchema.optional(),
  currency: currencySchema.optional(),
  value: z.number('must be a number').optional(),
  order_id: idSchema.optional(),
  order_total: priceSchema.optional(),
  parent_event_id: eventIdSchema.optional(),
  line_number: z.int('must be a whole number').min(1).max(1_000_000).optional(),
  cart_id: idSchema.optional(),
  dwell_ms: z.number('must be a number').min(0, 'must not be negative').max(86_400_000_000).optional(),
  surface: label,
  widget: label,
  recommended: booleanText.optional(),
  request_id: label,
  rank: integerText.pipe(z.int().min(0, 'must not be negative').max(1_000_000)).optional(),
  referrer: text,
  experiment: label,
  ab_bucket: label,
});

export type EventFields = z.output<typeof eventSchema>;
export type EventField = keyof EventFields;

/** Spelling → field. */
export type Spellings = Readonly<Record<string, EventField>>;

/** One version of a dialect. */
export interface EventDialectVersion {
  /** Spellings at the top level of the event. */
  top: Spellings;
  /** Spellings inside its metadata; whatever is not listed becomes a property. */
  context: Spellings;
}

export const EVENT_DIALECTS = ['event', 'batch_event', 'interaction'] as const;
export type EventDialect = (typeof EVENT_DIALECTS)[number];

const camelCase = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function inEitherCase(fields: readonly EventField[]): Record<string, EventField> {
  return Object.fromEntries(
    fields.flatMap((field) => [
      [field, field],
      [camelCase(field), field],
    ]),
  );
}

const contextFields: EventField[] = [
  ...([
    'surface',
    'widget',
    'recommended',
    'request_id',
    'rank',
    'referrer',
    'experiment',
    'ab_bucket',
  ] as const),
  ...(['page_url', 'referrer_url', 'search_query', 'device_type', 'browser', 'country', 'consent'] as const),
  ...([
    'quantity',
    'unit_price',
    'currency',
    'order_id',
    'order_total',
    'items',
    'cart_id',
    'dwell_ms',
  ] as const),
];

const context: Record<string, EventField> = {
  ...inEitherCase(contextFields),
  session_id: 'context_session_id',
  sessionId: 'context_session_id',
  total: 'order_total',
};

const top: Record<string, EventField> = {
  ...inEitherCase((Object.keys(eventSchema.shape) as EventField[]).filter((f) => f !== 'context_session_id')),
  anonId: 'anonymous_id',
  anon_id: 'anonymous_id',
  source_event_id: 'event_id',
  sourceEventId: 'event_id',
  price: 'unit_price',
};

/** Every version of every dialect that intake still reads; the newest is the greatest. */
export const eventDialects: Readonly<Record<EventDialect, Readonly<Record<number, EventDialectVersion>>>> = {
  event: {
    /** Facts about the event are in the metadata, under short names. */
    1: {
      top,
      context: { ...context, query: 'search_query', device: 'device_type', position: 'rank' },
    },
    /** Facts about the event have fields of their own. */
    2: { top, context },
  },
  batch_event: {
    1: {
      top: { ...top, type: 'event_type', item_id: 'product_id', itemId: 'product_id', ts: 'timestamp' },
      context,
    },
  },
  interaction: {
    1: {
      top: { ...top, action: 'event_type', item_id: 'product_id', itemId: 'product_id' },
      context: { ...context, position: 'rank', source: 'surface' },
    },
  },
};

/** Names of the field that holds freeform metadata; the first is the one each dialect uses. */
export const EVENT_CONTEXT_NAMES = ['metadata', 'meta', 'context'] as const;

/** Spellings of the fields of an order's line. */
export const ITEM_SPELLINGS: Readonly<Record<string, keyof EventItem>> = {
  product_id: 'product_id',
  productId: 'product_id',
  item_id: 'product_id',
  itemId: 'product_id',
  id: 'product_id',
  sku: 'product_id',
  quantity: 'quantity',
  qty: 'quantity',
  unit_price: 'unit_price',
  unitPrice: 'unit_price',
  price: 'unit_price',
};

/** What applies to all events of a batch; the events themselves are judged one by one. */
export const eventBatchSchema = z
  .object({
    events: z
      .array(z.unknown(), 'must be a list of events')
      .min(1, 'must hold at least one event')
      .max(EVENT_LIMITS.batchEvents, `must hold at most ${EVENT_LIMITS.batchEvents} events`),
    namespace: z.unknown(),
    sent_at: z.unknown(),
    sentAt: z.unknown(),
  })
  .partial({ namespace: true, sent_at: true, sentAt: true });
