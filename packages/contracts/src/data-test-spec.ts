// What can be tested of a topic's rows and of their flow. Columns are those of the topic's row type: a test of a column that does
// not exist, or of a text as a number, is no TypeScript.
import type { ConsumerGroup, consumerGroups } from './groups.ts';
import type { TopicName, TopicValue } from './topic-spec.ts';

type Column<T extends TopicName> = keyof TopicValue[T] & string;

/** Columns of a topic with values of a type, or null. */
type ColumnOf<T extends TopicName, V> = {
  [C in Column<T>]: TopicValue[T][C] extends V | null ? C : never;
}[Column<T>];

/** Judged row by row, on a sample of the newest rows. A row that breaks it is an error. */
export type RowAssertion<T extends TopicName> =
  /** The bytes are a row of the topic's schema, or of one that it can read: tells of a drift of schemas. */
  | { check: 'readable' }
  /** Neither null nor an empty or blank text. */
  | { check: 'not_null'; columns: readonly Column<T>[] }
  /** One of the values; null is none, and passes. */
  | { check: 'accepted_values'; column: ColumnOf<T, string>; values: readonly string[] }
  /** Both ends belong to it; null passes. */
  | { check: 'range'; column: ColumnOf<T, number>; min?: number; max?: number };

/** The consumer group that reads one topic to make another, or to write it to a store. */
export type Feed = {
  [G in ConsumerGroup]: { group: G; source: (typeof consumerGroups)[G][number] };
}[ConsumerGroup];

/** Judged by the positions of groups and the broker's times of appending, whatever is in the rows. */
export type FlowAssertion =
  /** Error when a row of the source has waited longer for the group to read it. */
  | ({ check: 'max_lag'; seconds: number } & Feed)
  /**
   * Rows a minute. Fewer are a warning: shoppers may be asleep, or do what makes other rows. None at all, while the source has that
   * many, is an error.
   */
  | { check: 'throughput'; minPerMinute: number; source: TopicName }
  /** The topic's `freshness`, against the clock: a warning however long nothing has come, as shoppers may be asleep. */
  | { check: 'freshness'; against: 'clock' }
  /** The topic's `freshness`, against what its source has: the age of the oldest row that has not been made into rows of this topic. */
  | ({ check: 'freshness'; against: 'source' } & Feed);

/** Tests of one topic under one name. */
export type DataTests = {
  [T in TopicName]: {
    name: string;
    topic: T;
    /** Most rows of the topic that one check reads, the newest of those that came since the last; 1,000 by default. */
    sampleSize?: number;
    assertions: readonly (RowAssertion<T> | FlowAssertion)[];
  };
}[TopicName];
