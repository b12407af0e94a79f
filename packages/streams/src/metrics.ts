import { Counter, Gauge, Histogram, type Registry } from '@shopstream/platform';

export interface StreamMetrics {
  recordsIn: Counter<'stage' | 'topic'>;
  rowsOut: Counter<'stage' | 'topic'>;
  outcomes: Counter<'stage' | 'topic' | 'outcome'>;
  failures: Counter<'stage'>;
  late: Counter<'stage'>;
  commitSeconds: Histogram<'stage'>;
  owned: Gauge<'stage'>;
  lag: Gauge<'stage' | 'topic' | 'partition'>;
  watermarkSeconds: Gauge<'stage' | 'partition'>;
}

const registered = new WeakMap<Registry, StreamMetrics>();

/** The metrics that all stages and consumers of a process share. */
export function streamMetrics(registry: Registry): StreamMetrics {
  let metrics = registered.get(registry);
  if (metrics === undefined) {
    metrics = { ...counters([registry]), ...levels([registry]) };
    registered.set(registry, metrics);
  }
  return metrics;
}

function counters(
  registers: Registry[],
): Pick<StreamMetrics, 'recordsIn' | 'rowsOut' | 'outcomes' | 'failures' | 'late'> {
  return {
    recordsIn: new Counter({
      name: 'stream_records_in_total',
      help: 'Records read. Flat while lag grows: the stage hangs, see its log.',
      labelNames: ['stage', 'topic'],
      registers,
    }),
    rowsOut: new Counter({
      name: 'stream_rows_out_total',
      help: 'Rows written and committed, by topic. Growth of dead-letter: see shopstream topic cat dead-letter.',
      labelNames: ['stage', 'topic'],
      registers,
    }),
    outcomes: new Counter({
      name: 'stream_outcomes_total',
      help: 'What became of records in consumers: done, skip or deadLetter. Growth of deadLetter: see shopstream topic cat dead-letter.',
      labelNames: ['stage', 'topic', 'outcome'],
      registers,
    }),
    failures: new Counter({
      name: 'stream_failures_total',
      help: 'Batches that failed and were started over from the last commit. Steady growth: a server is sick.',
      labelNames: ['stage'],
      registers,
    }),
    late: new Counter({
      name: 'stream_late_total',
      help: 'Records that came after the final row of their window. Growth: raise the out-of-orderness or look for late senders.',
      labelNames: ['stage'],
      registers,
    }),
  };
}

function levels(
  registers: Registry[],
): Pick<StreamMetrics, 'commitSeconds' | 'owned' | 'lag' | 'watermarkSeconds'> {
  return {
    commitSeconds: new Histogram({
      name: 'stream_batch_seconds',
      help: 'Time from a batch to its commit. Above a second: the broker is slow, or batches are too large.',
      labelNames: ['stage'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    owned: new Gauge({
      name: 'stream_partitions_owned',
      help: 'Partitions with input or state that this instance owns. Zero under load: it was not assigned any.',
      labelNames: ['stage'],
      registers,
    }),
    lag: new Gauge({
      name: 'stream_lag_records',
      help: 'Records behind the end of the partition after the last batch. Growth: add instances.',
      labelNames: ['stage', 'topic', 'partition'],
      registers,
    }),
    watermarkSeconds: new Gauge({
      name: 'stream_watermark_seconds',
      help: 'Event time up to which windows are closed, as Unix time. Standing still with input: an input partition hangs.',
      labelNames: ['stage', 'partition'],
      registers,
    }),
  };
}
