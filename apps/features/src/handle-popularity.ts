import type { BatchHandler } from '@shopstream/streams';
import type { FeatureStore } from './domain/feature-store.ts';

/** Takes interim and final rows over alike; of one window the highest revision stands. */
export function createPopularityHandler(store: FeatureStore): BatchHandler<'ecom.product-popularity.v1'> {
  return async (records) => {
    await store.applyPopularity(records.map(({ value }) => value));
    return records.map(() => ({ kind: 'done' }));
  };
}
