import { Counter, Histogram } from '@shopstream/platform';
import type { Registry } from '@shopstream/platform';

export type FeatureMetrics = ReturnType<typeof createFeatureMetrics>;

export function createFeatureMetrics(registry: Registry) {
  return {
    updates: new Counter({
      name: 'features_updates_total',
      help: 'Changes of features sent to Redis: applied, or already_applied when a batch is repeated. Only already_applied for minutes: topics were made anew but Redis was not; flush its features.',
      labelNames: ['result'],
      registers: [registry],
    }),
    ageSeconds: new Histogram({
      name: 'features_event_age_seconds',
      help: 'Age of the oldest event of a batch, from its receipt to its features. Over 1 s: look at the lag of the stages before and at stream_batch_seconds.',
      buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 30, 300],
      registers: [registry],
    }),
  };
}
