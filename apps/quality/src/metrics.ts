import { Counter, Gauge, Histogram } from '@shopstream/platform';
import type { Registry } from '@shopstream/platform';

export type QualityMetrics = ReturnType<typeof createQualityMetrics>;

export function createQualityMetrics(registry: Registry) {
  const registers = [registry];
  return {
    level: new Gauge({
      name: 'quality_test_level',
      help: 'Where each data test stands: 0 pass, 1 warn, 2 error. See docs/runbooks/a-data-test-fails.md.',
      labelNames: ['test', 'topic'],
      registers,
    }),
    value: new Gauge({
      name: 'quality_test_value',
      help: 'What each data test measured last: rows that break its rule, seconds of waiting, or rows a minute.',
      labelNames: ['test', 'topic'],
      registers,
    }),
    rowsChecked: new Counter({
      name: 'quality_rows_checked_total',
      help: 'Rows of samples that each data test judged. Standing still while the topic grows: the sampler gets nothing; see the log.',
      labelNames: ['test', 'topic'],
      registers,
    }),
    looks: new Counter({
      name: 'quality_looks_total',
      help: 'Looks at the platform by result. Failed ones growing: Kafka or the registry does not answer, and nothing is tested.',
      labelNames: ['result'],
      registers,
    }),
    lookSeconds: new Histogram({
      name: 'quality_look_seconds',
      help: 'How long one look takes. Over some seconds: the broker is slow, or a transaction has been open for long.',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    messages: new Counter({
      name: 'quality_messages_total',
      help: 'Messages to the webhook by result. Failed ones growing: people are not told; see docs/runbooks/the-webhook-fails.md.',
      labelNames: ['result'],
      registers,
    }),
    messagesDue: new Gauge({
      name: 'quality_messages_due',
      help: 'Messages that people have not got yet. Above 0 for minutes: the webhook refuses them.',
      registers,
    }),
  };
}
