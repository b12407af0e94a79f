// What `status` shows, from two looks at the platform.
import { type TopicName, topicNames, topics } from '@shopstream/contracts';
import { bucketsOf, increase, quantile, type Sample, sumBy } from './metric-samples.ts';
import { toShortName } from './topic-name.ts';
import type { TopicLag } from './topic-lag.ts';

/** One look. */
export interface Look {
  atMs: number;
  samples: readonly Sample[];
  /** Offsets of each topic. */
  offsets: ReadonlyMap<TopicName, number>;
  lag: readonly TopicLag[];
}

export interface TopicRate {
  topic: string;
  perSecond: number;
  offsets: number;
}

/** Upper bounds in seconds; Infinity beyond the slowest bucket. */
export interface EventToFeature {
  p50: number;
  p99: number;
  batches: number;
}

const AGE = 'features_event_age_seconds';

/** Rows a second of every public topic, from the counters of its writer: offsets would count markers of transactions too. */
export function topicRates(before: Look, after: Look): TopicRate[] {
  const seconds = Math.max(0.001, (after.atMs - before.atMs) / 1_000);
  const rows = increase(rowsWritten(before), rowsWritten(after));
  return topicNames
    .filter((topic) => !topics[topic].internal)
    .map((topic) => ({
      topic: toShortName(topic),
      perSecond: (rows.get(topic) ?? offsetsOfDirect(topic, before, after)) / seconds,
      offsets: after.offsets.get(topic) ?? 0,
    }));
}

function rowsWritten({ samples }: Look): Map<string, number> {
  const rows = sumBy(samples, 'stream_rows_out_total', 'topic');
  const accepted = [...sumBy(samples, 'ingestion_events_accepted_total', 'event_type').values()];
  if (accepted.length > 0)
    rows.set(
      'ecom.clickstream.v1',
      accepted.reduce((sum, value) => sum + value, 0),
    );
  return rows;
}

/** Topics written without transactions by services that do not count them: their offsets are their rows. */
function offsetsOfDirect(topic: TopicName, before: Look, after: Look): number {
  return (after.offsets.get(topic) ?? 0) - (before.offsets.get(topic) ?? 0);
}

/** Time from an event's receipt to its features, of the batches between two looks; undefined when there was none. */
export function eventToFeature(before: Look, after: Look): EventToFeature | undefined {
  const buckets = increase(bucketsOf(before.samples, AGE), bucketsOf(after.samples, AGE));
  const p50 = quantile(buckets, 0.5);
  const p99 = quantile(buckets, 0.99);
  if (p50 === undefined || p99 === undefined) return undefined;
  return { p50, p99, batches: Math.max(...buckets.values()) };
}
