import type { DataTests } from './data-test-spec.ts';
import { CLEAN_EVENT_TYPES, EVENT_TYPES, isCleanEventType } from './event-types.ts';

const cleaning = { group: 'cleaning', source: 'ecom.clickstream.v1' } as const;
const enrichment = { group: 'enrichment', source: 'ecom.events-clean.v1' } as const;
const DEVICES = ['desktop', 'mobile', 'tablet'] as const;

/** What the rows of each topic promise. The names of the first three are those of the data model's own tests. */
export const dataTests: readonly DataTests[] = [
  {
    name: 'events_schema',
    topic: 'ecom.events-clean.v1',
    assertions: [
      { check: 'readable' },
      { check: 'not_null', columns: ['event_id', 'session_id', 'event_type'] },
      { check: 'accepted_values', column: 'event_type', values: CLEAN_EVENT_TYPES },
      { check: 'accepted_values', column: 'device_type', values: DEVICES },
      // The collector and the cleaning stage refuse older ones; an earlier time is a unit mixed up.
      { check: 'range', column: 'timestamp', min: Date.UTC(2000, 0, 1) },
      { check: 'range', column: 'quantity', min: 0 },
    ],
  },
  {
    name: 'sessions_quality',
    topic: 'ecom.user-sessions.v1',
    sampleSize: 1_000,
    assertions: [
      { check: 'readable' },
      { check: 'not_null', columns: ['session_id'] },
      { check: 'range', column: 'event_count', min: 1, max: 10_000 },
      { check: 'max_lag', seconds: 30, group: 'sessionizer', source: 'ecom.events-enriched.v1' },
    ],
  },
  {
    name: 'events_freshness',
    topic: 'ecom.events-clean.v1',
    assertions: [
      { check: 'max_lag', seconds: 30, ...cleaning },
      { check: 'throughput', minPerMinute: 1_000, source: 'ecom.clickstream.v1' },
      { check: 'freshness', against: 'source', ...cleaning },
    ],
  },
  {
    name: 'clickstream',
    topic: 'ecom.clickstream.v1',
    assertions: [{ check: 'readable' }, { check: 'freshness', against: 'clock' }],
  },
  {
    name: 'signals',
    topic: 'ecom.signals.v1',
    assertions: [
      { check: 'readable' },
      { check: 'not_null', columns: ['event_id', 'session_id', 'event_type'] },
      {
        check: 'accepted_values',
        column: 'event_type',
        values: EVENT_TYPES.filter((type) => !isCleanEventType(type)),
      },
    ],
  },
  {
    name: 'events_enriched',
    topic: 'ecom.events-enriched.v1',
    assertions: [
      { check: 'readable' },
      { check: 'not_null', columns: ['event_id', 'session_id', 'event_type'] },
      { check: 'accepted_values', column: 'event_type', values: CLEAN_EVENT_TYPES },
      { check: 'max_lag', seconds: 30, ...enrichment },
      { check: 'freshness', against: 'source', ...enrichment },
    ],
  },
  {
    name: 'product_popularity',
    topic: 'ecom.product-popularity.v1',
    assertions: [
      { check: 'readable' },
      { check: 'not_null', columns: ['product_id'] },
      { check: 'range', column: 'total_interactions', min: 1 },
      { check: 'range', column: 'popularity_score', min: 0 },
      { check: 'max_lag', seconds: 30, group: 'popularity-split', source: 'ecom.events-enriched.v1' },
      { check: 'max_lag', seconds: 30, group: 'popularity', source: 'ecom.popularity-partials.v1' },
    ],
  },
  {
    name: 'products',
    topic: 'ecom.products.v1',
    assertions: [
      { check: 'readable' },
      { check: 'not_null', columns: ['product_id', 'name'] },
      { check: 'range', column: 'version', min: 1 },
    ],
  },
];
