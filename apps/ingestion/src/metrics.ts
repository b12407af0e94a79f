import { Counter, Gauge, Histogram, type Registry } from '@shopstream/platform';

export type IngestionMetrics = ReturnType<typeof createIngestionMetrics>;

export function createIngestionMetrics(registry: Registry) {
  const registers = [registry];
  return {
    accepted: new Counter({
      name: 'ingestion_events_accepted_total',
      help: 'Rows acknowledged by Kafka, by type and dialect. None while shops are open: look at ingestion_requests_unavailable_total.',
      labelNames: ['event_type', 'dialect'],
      registers,
    }),
    refused: new Counter({
      name: 'ingestion_events_refused_total',
      help: 'Events refused and kept as dead letters, by reason. A jump in one reason: a sender has changed, see the dead letters.',
      labelNames: ['reason'],
      registers,
    }),
    clocks: new Counter({
      name: 'ingestion_event_clocks_total',
      help: 'Accepted rows by how their time came to be. Many clamped or corrected: clients with wrong clocks.',
      labelNames: ['clock'],
      registers,
    }),
    unavailable: new Counter({
      name: 'ingestion_requests_unavailable_total',
      help: 'Requests answered 503, because Kafka did not acknowledge (kafka) or too many rows were waiting (queue_full). Look at the brokers.',
      labelNames: ['cause'],
      registers,
    }),
    waitingRows: new Gauge({
      name: 'ingestion_rows_unacknowledged',
      help: 'Rows waiting for their acknowledgement. Near MAX_UNACKNOWLEDGED_ROWS: Kafka is slower than the traffic.',
      registers,
    }),
    rowsPerSend: new Histogram({
      name: 'ingestion_rows_per_send',
      help: 'Rows that went to Kafka together. Thousands all the time: Kafka is the bottleneck.',
      buckets: [1, 5, 10, 50, 100, 500, 1_000, 5_000],
      registers,
    }),
    claimsWaiting: new Gauge({
      name: 'ingestion_claims_waiting',
      help: '1 while the cleaning stage waits for its claims: Redis is away, or they are being rebuilt; see /readyz. Events are accepted meanwhile.',
      registers,
    }),
    claimsRebuilt: new Counter({
      name: 'ingestion_claims_rebuilt_total',
      help: 'Claims written anew because Redis had lost some. More than rarely: look for restarts, failovers and evictions of Redis.',
      registers,
    }),
    cleaned: new Counter({
      name: 'ingestion_cleaned_total',
      help: 'Records of the cleaning stage by what became of them (clean, signal, duplicate, dead_letter); a repeated batch counts again.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
