// What is said of every topic, and the type of its rows.
import type { CleanEvent } from './generated/events-clean.ts';
import type { Clickstream } from './generated/clickstream.ts';
import type { DeadLetter } from './generated/dead-letter.ts';
import type { EnrichedEvent } from './generated/events-enriched.ts';
import type { IdentityLink } from './generated/identity.ts';
import type { LateEvent } from './generated/late.ts';
import type { Product } from './generated/products.ts';
import type { ProductPopularity } from './generated/product-popularity.ts';
import type { QualityResult } from './generated/quality-results.ts';
import type { RecommendationServed } from './generated/recommendations-served.ts';
import type { Signal } from './generated/signals.ts';
import type { StageChangelog } from './generated/stage-changelog.ts';
import type { StagePartial } from './generated/stage-partial.ts';
import type { UserSession } from './generated/user-sessions.ts';
import type { schemas } from './generated/schemas.ts';

/** The row type of each topic. */
export interface TopicValue {
  'ecom.clickstream.v1': Clickstream;
  'ecom.events-clean.v1': CleanEvent;
  'ecom.signals.v1': Signal;
  'ecom.dead-letter.v1': DeadLetter;
  'ecom.late.v1': LateEvent;
  'ecom.products.v1': Product;
  'ecom.identity.v1': IdentityLink;
  'ecom.events-enriched.v1': EnrichedEvent;
  'ecom.user-sessions.v1': UserSession;
  'ecom.product-popularity.v1': ProductPopularity;
  'ecom.recommendations-served.v1': RecommendationServed;
  'ecom.quality-results.v1': QualityResult;
  'ecom.cleaning-changelog.v1': StageChangelog;
  'ecom.enrichment-changelog.v1': StageChangelog;
  'ecom.sessionizer-changelog.v1': StageChangelog;
  'ecom.popularity-split-changelog.v1': StageChangelog;
  'ecom.popularity-partials.v1': StagePartial;
  'ecom.popularity-changelog.v1': StageChangelog;
}

export type TopicName = keyof TopicValue;

/** How a record is keyed: the message key, and the text whose hash picks the partition (the key itself by default). */
export interface RecordKey {
  key: string;
  partitionBy?: string;
}

export interface TopicSpec<Row> {
  description: string;
  /** File under avro/ without its ending; the registry's subject is `{topic}-value`. */
  schema: keyof typeof schemas;
  /** The service that alone writes the topic. */
  owner: string;
  /** Columns that make up the key, for documents. */
  keyedBy: string;
  /** Key of a row; null where the writer's kernel sets keys and partitions itself. */
  key: ((row: Row) => RecordKey) | null;
  partitions: number;
  cleanup: 'delete' | 'compact';
  /** For `delete`: how long rows are kept. For `compact`: how long every version is kept before compaction may merge it. */
  retentionMs: number;
  /** Age of the newest row at which readers are warned or must raise an error; null where silence is normal. */
  freshness: { warnAfterMs: number; errorAfterMs: number } | null;
  /** Read by its own service alone. */
  internal: boolean;
}
