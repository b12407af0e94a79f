import type { ItemStatus } from '@shopstream/contracts';
import { Counter, Gauge, Histogram } from '@shopstream/platform';
import type { Registry } from '@shopstream/platform';
import type { OutboxRow } from './domain/outbox.ts';

export interface CatalogMetrics {
  judged(via: 'single' | 'batch' | 'import', status: ItemStatus | 'refused'): void;
  published(rows: readonly OutboxRow[]): void;
  /** Time of the oldest row that Kafka does not have; null when it has all. */
  pendingSince(createdAt: number | null): void;
}

export function createCatalogMetrics(registry: Registry): CatalogMetrics {
  const registers = [registry];
  let oldest: number | null = null;
  const items = new Counter({
    name: 'catalog_items_total',
    help: 'Items judged. Many refused: whoever sends them changed its format; the answers name field and reason.',
    labelNames: ['via', 'status'],
    registers,
  });
  const published = new Counter({
    name: 'catalog_published_total',
    help: 'Item versions acknowledged by Kafka. Flat while items are updated: see catalog_outbox_oldest_seconds.',
    registers,
  });
  const delay = new Histogram({
    name: 'catalog_publish_delay_seconds',
    help: 'From the transaction of a change to its acknowledgement. Above 0.2 at the median: Kafka or PostgreSQL is slow.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5, 30, 120],
    registers,
  });
  new Gauge({
    name: 'catalog_outbox_oldest_seconds',
    help: 'Age of the oldest change not published. Growing: the log says why publishing fails; changes are kept meanwhile.',
    registers,
    collect() {
      this.set(oldest === null ? 0 : (Date.now() - oldest) / 1_000);
    },
  });

  return {
    judged: (via, status) => items.inc({ via, status }),
    published(rows) {
      published.inc(rows.length);
      const now = Date.now();
      for (const row of rows) delay.observe(Math.max(0, now - row.createdAt) / 1_000);
    },
    pendingSince(createdAt) {
      oldest = createdAt;
    },
  };
}
