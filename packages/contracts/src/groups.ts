import type { TopicName } from './topic-spec.ts';

/** Every consumer group of the platform with the topics it reads: where lag can be, and what must be read up for all to be drained. */
export const consumerGroups = {
  cleaning: ['ecom.clickstream.v1'],
  enrichment: ['ecom.events-clean.v1'],
  sessionizer: ['ecom.events-enriched.v1'],
  'popularity-split': ['ecom.events-enriched.v1'],
  popularity: ['ecom.popularity-partials.v1'],
  interactions: ['ecom.events-enriched.v1', 'ecom.signals.v1'],
  features: ['ecom.events-enriched.v1', 'ecom.signals.v1', 'ecom.product-popularity.v1'],
} as const satisfies Record<string, readonly TopicName[]>;

export type ConsumerGroup = keyof typeof consumerGroups;
