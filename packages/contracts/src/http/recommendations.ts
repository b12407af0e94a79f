// Requests of the serving gateway. Query values and headers are text; parameters it does not know are ignored, so that
// tracking parameters of a shop do no harm.
import { z } from 'zod';
import { DEFAULT_NAMESPACE, idSchema, namespaceSchema } from '../ids.ts';

export const RECOMMENDATION_CONTEXTS = ['homepage', 'pdp', 'cart', 'orders', 'category', 'search'] as const;

export const MAX_RECOMMENDATIONS = 100;
export const MAX_EXCLUDED_ITEMS = 200;

const limit = (defaultLimit: number) =>
  z
    .string('must be given once')
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(
      z
        .number()
        .min(1, 'must be at least 1')
        .max(MAX_RECOMMENDATIONS, `must be at most ${MAX_RECOMMENDATIONS}`),
    )
    .default(defaultLimit);

/** Text comes in, whatever the id looks like. */
const textId = z
  .string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be given once') })
  .transform((text): string | number => text)
  .pipe(idSchema);

/** Given several times or separated by commas, or both. */
const idList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [value].flat().flatMap((part) => part.split(',')))
  .transform((ids) => ids.map((id) => id.trim()).filter((id) => id !== ''))
  .pipe(
    z
      .array(textId)
      .max(MAX_EXCLUDED_ITEMS, `must name at most ${MAX_EXCLUDED_ITEMS} items`)
      .transform((ids) => new Set(ids)),
  );

/** Header of every route of the gateway, as Node names it. */
const namespaceHeader = { 'x-namespace': namespaceSchema.default(DEFAULT_NAMESPACE) };

/** Query of `GET /v1/recommendations`. */
export const recommendationsQuerySchema = z.object({
  user_id: textId,
  context: z
    .enum(RECOMMENDATION_CONTEXTS, `must be one of ${RECOMMENDATION_CONTEXTS.join(', ')}`)
    .default('homepage'),
  limit: limit(20),
  /** `all` is no category but the absence of one. */
  category: z
    .string('must be given once')
    .trim()
    .max(100, 'must have at most 100 characters')
    .transform((category) => (category === '' || category === 'all' ? undefined : category))
    .optional(),
  exclude: idList.default(() => new Set<string>()),
});

export type RecommendationsQuery = z.output<typeof recommendationsQuerySchema>;

/** Headers of `GET /v1/recommendations`. */
export const recommendationsHeadersSchema = z.object({
  ...namespaceHeader,
  'x-session-id': idSchema.optional(),
  'x-device-type': z
    .enum(['desktop', 'mobile', 'tablet'], 'must be one of desktop, mobile, tablet')
    .optional(),
});

/** Headers of the gateway's other reads. */
export const namespaceHeadersSchema = z.object(namespaceHeader);

/** Path of `GET /v1/items/{item_id}/similar`. */
export const similarItemsPathSchema = z.object({ item_id: idSchema });

/** Query of `GET /v1/items/{item_id}/similar`. */
export const similarItemsQuerySchema = z.object({ limit: limit(10) });

/** Path of `GET /v1/users/{user_id}/history`. */
export const historyPathSchema = z.object({ user_id: idSchema });

/** A place in a history, right after one interaction: its time, item and event. */
export interface HistoryCursor {
  timeMs: number;
  itemId: string;
  eventId: string;
}

/** Text of `next_before`. */
export const toHistoryCursor = ({ timeMs, itemId, eventId }: HistoryCursor): string =>
  Buffer.from(JSON.stringify([timeMs, itemId, eventId])).toString('base64url');

const cursorParts = z.tuple([z.int().min(-8.64e15).max(8.64e15), z.string(), z.string()]);

function parseHistoryCursor(text: string): HistoryCursor | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [timeMs, itemId, eventId] = cursorParts.parse(json);
    return { timeMs, itemId, eventId };
  } catch {
    return undefined;
  }
}

const isoTime = z.iso.datetime({ offset: true });

/** Query of `GET /v1/users/{user_id}/history`; `before` is a time, exclusive, or the `next_before` of the page before. */
export const historyQuerySchema = z.object({
  limit: limit(20),
  before: z
    .string('must be given once')
    .transform((text, context): { timeMs: number } | HistoryCursor => {
      if (isoTime.safeParse(text).success) return { timeMs: Date.parse(text) };
      const cursor = parseHistoryCursor(text);
      if (cursor) return cursor;
      context.addIssue({ code: 'custom', message: 'must be an ISO 8601 time with offset, or a next_before' });
      return z.NEVER;
    })
    .optional(),
});
