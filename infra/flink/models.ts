import type { TopicName } from '@shopstream/contracts';

/** The models and the topics that each writes, by table. */
export const models = {
  'events-clean': { events_clean_sink: 'ecom.events-clean.v1', signals_sink: 'ecom.signals.v1' },
  'events-enriched': { events_enriched_sink: 'ecom.events-enriched.v1' },
  'user-sessions': { user_sessions_sink: 'ecom.user-sessions.v1' },
  'product-popularity': { product_popularity_sink: 'ecom.product-popularity.v1' },
} as const satisfies Record<string, Record<string, TopicName>>;

export type ModelName = keyof typeof models;

export const modelNames = Object.keys(models) as ModelName[];
