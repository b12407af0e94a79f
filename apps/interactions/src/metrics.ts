import { Counter, Histogram } from '@shopstream/platform';
import type { Registry } from '@shopstream/platform';

export function createInteractionMetrics(registry: Registry) {
  return {
    rowsWritten: new Counter({
      name: 'interactions_rows_written_total',
      help: 'Rows acknowledged by Cassandra. Flat while the lag of group `interactions` grows: Cassandra is slow or away, see /readyz.',
      labelNames: ['table'],
      registers: [registry],
    }),
    batchSeconds: new Histogram({
      name: 'interactions_batch_write_seconds',
      help: 'Time to write all rows of one batch. Over 1 s: Cassandra is overloaded or compacting; see its write latency and pending compactions.',
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    }),
  };
}
