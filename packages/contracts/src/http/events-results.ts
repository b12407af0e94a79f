import { z } from 'zod';

/** Answer to one event, and to an interaction. */
export const eventAcceptedSchema = z.object({
  status: z.literal('accepted'),
  event_id: z.string(),
  /** Ids of the events that a bulk purchase was split into. */
  event_ids: z.array(z.string()).optional(),
});

/** Answer to one event of a batch. */
export const eventResultSchema = z.object({
  index: z.int(),
  status: z.enum(['accepted', 'refused']),
  event_id: z.string().nullable(),
  event_ids: z.array(z.string()).optional(),
  code: z.string().optional(),
  field: z.string().optional(),
  reason: z.string().optional(),
});

/** Answer to a batch: 202 when all were accepted, 207 when some were, 400 (with the error envelope beside it) when none was. */
export const eventBatchResultSchema = z.object({
  accepted: z.int(),
  refused: z.int(),
  results: z.array(eventResultSchema),
});

export type EventAccepted = z.output<typeof eventAcceptedSchema>;
export type EventResult = z.output<typeof eventResultSchema>;
export type EventBatchResult = z.output<typeof eventBatchResultSchema>;
