import type { ItemStore } from '../domain/item-store.ts';
import type { CatalogMetrics } from '../metrics.ts';

export interface RouteDeps {
  items: ItemStore;
  metrics: CatalogMetrics;
  /** Epoch milliseconds. */
  now: () => number;
}
