import type { ConsumerGroup, TopicName } from '@shopstream/contracts';

/** A sampled record: its row, or null where the bytes are no row. Tombstones are no rows and are left out. */
export interface SampledRow {
  partition: number;
  offset: bigint;
  row: Readonly<Record<string, unknown>> | null;
}

/** How long the oldest row that a group has not read has waited; null when none has waited for long. */
export interface Waiting {
  group: ConsumerGroup;
  source: TopicName;
  oldestMs: number | null;
  /** Where that row is. */
  at: { partition: number; offset: bigint } | null;
}

/** What one look at the platform found. */
export interface Measurements {
  rows: ReadonlyMap<TopicName, readonly SampledRow[]>;
  waiting: readonly Waiting[];
  /** Rows of the last minute; null for a topic that never had a row. */
  perMinute: ReadonlyMap<TopicName, number | null>;
  /** Whether anything has come within the time that a topic may be silent; null for a topic that never had a row. */
  hasNews: ReadonlyMap<TopicName, boolean | null>;
}

export type Level = 'pass' | 'warn' | 'error';

/** What a test says of the measurements. */
export interface Verdict {
  /** `unknown`: there was nothing to judge by, so that a former verdict stands. */
  outcome: Level | 'unknown';
  /** Rows that break the rule, seconds of waiting, or rows a minute; null where nothing was measured. */
  value: number | null;
  /** For a person. Names coordinates of rows, never what is in them. */
  detail: string;
  rowsChecked: number;
}
