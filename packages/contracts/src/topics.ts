// One entry a topic. The owner is its only writer; keys are declared here and built nowhere else.
import type { StageChangelog } from './generated/stage-changelog.ts';
import { entityKey } from './ids.ts';
import type { RecordKey, TopicName, TopicSpec, TopicValue } from './topic-spec.ts';

const DAY_MS = 86_400_000;
const live = { warnAfterMs: 30_000, errorAfterMs: 120_000 };
const bySession = (row: {
  namespace: string;
  session_id: string | null;
  event_id: string | null;
}): RecordKey => ({
  key: entityKey(row.namespace, row.session_id ?? row.event_id ?? ''),
});
const byProduct = (row: { namespace: string; product_id: string }): RecordKey => ({
  key: entityKey(row.namespace, row.product_id),
});

function changelog(owner: string, description: string, partitions: number): TopicSpec<StageChangelog> {
  return {
    description,
    schema: 'stage-changelog',
    owner,
    keyedBy: 'state key',
    key: null,
    partitions,
    cleanup: 'compact',
    retentionMs: 0,
    freshness: null,
    internal: true,
  };
}

/** Every topic of the platform. Changing partitions of a topic in use moves keys and is a migration of its own. */
export const topics: { readonly [T in TopicName]: TopicSpec<TopicValue[T]> } = {
  'ecom.clickstream.v1': {
    description: 'Raw user interaction events',
    schema: 'clickstream',
    owner: 'ingestion',
    keyedBy: 'namespace, session_id',
    key: bySession,
    partitions: 24,
    cleanup: 'delete',
    retentionMs: 7 * DAY_MS,
    freshness: live,
    internal: false,
  },
  'ecom.events-clean.v1': {
    description: 'Valid, de-duplicated events of the six types that feed sessions and popularity',
    schema: 'events-clean',
    owner: 'ingestion',
    keyedBy: 'namespace, session_id',
    key: bySession,
    partitions: 24,
    cleanup: 'delete',
    retentionMs: 7 * DAY_MS,
    freshness: live,
    internal: false,
  },
  'ecom.signals.v1': {
    description: 'Valid, de-duplicated events of all other types',
    schema: 'signals',
    owner: 'ingestion',
    keyedBy: 'namespace, session_id',
    key: bySession,
    partitions: 24,
    cleanup: 'delete',
    retentionMs: 7 * DAY_MS,
    freshness: null,
    internal: false,
  },
  'ecom.dead-letter.v1': {
    description: 'What could not be processed, with its reason and bytes',
    schema: 'dead-letter',
    owner: 'the stage that refused it',
    keyedBy: 'stage, reason',
    key: (row) => ({ key: `${row.stage}:${row.reason}`, partitionBy: row.event_id ?? row.reason }),
    partitions: 6,
    cleanup: 'delete',
    retentionMs: 30 * DAY_MS,
    freshness: null,
    internal: false,
  },
  'ecom.late.v1': {
    description: 'Records that came after the final row of their window',
    schema: 'late',
    owner: 'the stage that dropped them',
    keyedBy: 'namespace, event_id',
    key: (row) => ({ key: entityKey(row.namespace, row.event_id) }),
    partitions: 6,
    cleanup: 'delete',
    retentionMs: 30 * DAY_MS,
    freshness: null,
    internal: false,
  },
  'ecom.products.v1': {
    description: 'Product versions by their time of validity',
    schema: 'products',
    owner: 'catalog',
    keyedBy: 'namespace, product_id',
    key: byProduct,
    partitions: 6,
    cleanup: 'compact',
    retentionMs: 30 * DAY_MS,
    freshness: null,
    internal: false,
  },
  'ecom.identity.v1': {
    description: 'Links of anonymous ids to users',
    schema: 'identity',
    owner: 'catalog',
    keyedBy: 'namespace, anonymous_id',
    key: (row) => ({ key: entityKey(row.namespace, row.anonymous_id) }),
    partitions: 6,
    cleanup: 'compact',
    retentionMs: 0,
    freshness: null,
    internal: false,
  },
  'ecom.events-enriched.v1': {
    description: 'Clean events joined with the product version valid at event time',
    schema: 'events-enriched',
    owner: 'enrichment',
    keyedBy: 'namespace, session_id',
    key: bySession,
    partitions: 24,
    cleanup: 'delete',
    retentionMs: 7 * DAY_MS,
    freshness: live,
    internal: false,
  },
  'ecom.user-sessions.v1': {
    description: 'Sessions in 30-minute tumbling windows',
    schema: 'user-sessions',
    owner: 'sessionizer',
    keyedBy: 'namespace, session_id, user_identifier, device_type, country, session_start',
    key: (row) => ({
      key: JSON.stringify([
        row.namespace,
        row.session_id,
        row.user_identifier,
        row.device_type,
        row.country,
        row.session_start,
      ]),
      partitionBy: entityKey(row.namespace, row.session_id),
    }),
    partitions: 12,
    cleanup: 'compact',
    retentionMs: 7 * DAY_MS,
    freshness: null,
    internal: false,
  },
  'ecom.product-popularity.v1': {
    description: 'Product popularity in 5-minute tumbling windows',
    schema: 'product-popularity',
    owner: 'popularity',
    keyedBy: 'namespace, product_id, window_start',
    key: (row) => ({
      key: JSON.stringify([row.namespace, row.product_id, row.window_start]),
      partitionBy: entityKey(row.namespace, row.product_id),
    }),
    partitions: 6,
    cleanup: 'compact',
    retentionMs: 7 * DAY_MS,
    freshness: null,
    internal: false,
  },
  'ecom.recommendations-served.v1': {
    description: 'Every list that the gateway answered',
    schema: 'recommendations-served',
    owner: 'serving',
    keyedBy: 'namespace, request_id',
    key: (row) => ({ key: entityKey(row.namespace, row.request_id) }),
    partitions: 12,
    cleanup: 'delete',
    retentionMs: 30 * DAY_MS,
    freshness: null,
    internal: false,
  },
  'ecom.quality-results.v1': {
    description: 'Newest result of each data test',
    schema: 'quality-results',
    owner: 'quality',
    keyedBy: 'test',
    key: (row) => ({ key: row.test }),
    partitions: 1,
    cleanup: 'compact',
    retentionMs: 7 * DAY_MS,
    freshness: null,
    internal: false,
  },
  'ecom.cleaning-changelog.v1': changelog('ingestion', 'Position of the cleaning stage', 24),
  'ecom.enrichment-changelog.v1': changelog('enrichment', 'Position of the enrichment stage', 24),
  'ecom.sessionizer-changelog.v1': changelog(
    'sessionizer',
    'Position and open windows of the sessionizer',
    24,
  ),
  'ecom.popularity-split-changelog.v1': changelog(
    'popularity',
    'Position and watermark of the first step',
    24,
  ),
  'ecom.popularity-partials.v1': {
    description: 'First step of popularity: what each input partition adds to a window of a product',
    schema: 'stage-partial',
    owner: 'popularity',
    keyedBy: 'group',
    key: null,
    partitions: 6,
    cleanup: 'delete',
    retentionMs: 7 * DAY_MS,
    freshness: null,
    internal: true,
  },
  'ecom.popularity-changelog.v1': changelog('popularity', 'Position and open windows of the second step', 6),
};

export const topicNames = Object.keys(topics) as TopicName[];

/** Subject of a topic's rows in the schema registry (TopicNameStrategy). */
export const subjectOf = (topic: TopicName): string => `${topic}-value`;
