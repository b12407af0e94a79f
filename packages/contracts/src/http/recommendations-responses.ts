// Answers of the serving gateway. What is optional or null may be missing; fields may be added.
import { z } from 'zod';

const score = z.number().gt(0).max(1);
const requestId = z.string().min(1);
const time = z.iso.datetime();

/** Why an item is recommended. */
export const explanationSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('collaborative'),
    reason: z.string(),
    similar_items: z.array(z.string()).min(1),
  }),
  z.strictObject({
    type: z.literal('content_based'),
    reason: z.string(),
    matching_attributes: z.array(z.string()).min(1),
  }),
  z.strictObject({ type: z.enum(['trending', 'popular']), reason: z.string() }),
]);

/** What a shop needs to show an item. `price` is in `currency`, `rating` from 0 to 5. */
export const itemMetadataSchema = z.strictObject({
  title: z.string(),
  category: z.string().nullable(),
  thumbnail_url: z.string().nullable(),
  rating: z.number().nullable(),
  price: z.number().nullable(),
  currency: z.string().nullable(),
  brand: z.string().nullable(),
});

export type ItemMetadata = z.output<typeof itemMetadataSchema>;

/** Body of `GET /v1/recommendations`. */
export const recommendationsResponseSchema = z.strictObject({
  recommendations: z.array(
    z.strictObject({
      item_id: z.string(),
      score,
      rank: z.int().min(1),
      metadata: itemMetadataSchema,
      explanation: explanationSchema,
    }),
  ),
  request_id: requestId,
  model_version: z.string(),
  generated_at: time,
  /** True when a store did not answer and the list was made without it. */
  degraded: z.literal(true).optional(),
});

export type RecommendationsResponse = z.output<typeof recommendationsResponseSchema>;

/** Body of `GET /v1/items/{item_id}/similar`. */
export const similarItemsResponseSchema = z.strictObject({
  source_item: z.strictObject({ item_id: z.string(), title: z.string() }),
  similar_items: z.array(
    z.strictObject({
      item_id: z.string(),
      similarity_score: score,
      metadata: itemMetadataSchema,
      similarity_reason: z.string(),
    }),
  ),
  request_id: requestId,
  degraded: z.literal(true).optional(),
});

export type SimilarItemsResponse = z.output<typeof similarItemsResponseSchema>;

/** Body of `GET /v1/users/{user_id}/history`, newest first; `next_before` is there when more may follow. */
export const historyResponseSchema = z.strictObject({
  user_id: z.string(),
  interactions: z.array(
    z.strictObject({
      event_id: z.string(),
      /** Null for events without an item, a search for instance. */
      item_id: z.string().nullable(),
      action: z.string(),
      timestamp: time,
      session_id: z.string(),
      context: z.record(z.string(), z.string()),
    }),
  ),
  next_before: z.string().optional(),
  request_id: requestId,
});

export type HistoryResponse = z.output<typeof historyResponseSchema>;
