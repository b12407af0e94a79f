import { Counter, Gauge, Histogram } from '@shopstream/platform';
import type { Registry } from '@shopstream/platform';

export type ServingMetrics = ReturnType<typeof createServingMetrics>;

export function createServingMetrics(registry: Registry) {
  const registers = [registry];
  return {
    recommendedItems: new Counter({
      name: 'serving_recommended_items_total',
      help: 'Items given, by where they came from. Mostly popular: features do not arrive in Redis, look at the features service.',
      labelNames: ['source'] as const,
      registers,
    }),
    requests: new Counter({
      name: 'serving_recommendations_total',
      help: 'Lists given, by context and device. No mobile ones: a client does not send X-Device-Type.',
      labelNames: ['context', 'device'] as const,
      registers,
    }),
    emptyAnswers: new Counter({
      name: 'serving_empty_answers_total',
      help: 'Answers without an item. More than a few: a category nobody has, or an empty catalogue.',
      labelNames: ['route'] as const,
      registers,
    }),
    degradedAnswers: new Counter({
      name: 'serving_degraded_answers_total',
      help: 'Answers made without a store. Above 0: the store is down or slower than its deadline.',
      labelNames: ['route', 'store'] as const,
      registers,
    }),
    storeReads: new Histogram({
      name: 'serving_store_read_seconds',
      help: 'Time of one read. High in all stores: this process is overloaded; in one: look at that store.',
      labelNames: ['store', 'read'] as const,
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25],
      registers,
    }),
    forwarded: new Counter({
      name: 'serving_forwarded_events_requests_total',
      help: 'Event requests handed to ingestion. outcome=unavailable: ingestion is down or does not answer.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    catalogItems: new Gauge({
      name: 'serving_catalog_items',
      help: 'Items in memory. At CATALOG_MAX_ITEMS: newer items are not served, raise it and the memory.',
      registers,
    }),
    catalogReadAt: new Gauge({
      name: 'serving_catalog_read_timestamp_seconds',
      help: 'When the catalogue was last read. More than seconds ago: PostgreSQL does not answer, new prices are not shown.',
      registers,
    }),
  };
}
