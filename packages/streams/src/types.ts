import type { RecordKey, TopicName, TopicValue } from '@shopstream/contracts';
import type { Resource } from '@shopstream/platform';

/** A decoded record with its coordinates. Times are epoch milliseconds; `timestamp` is Kafka's own, not the event's. */
export interface StreamRecord<T extends TopicName = TopicName> {
  topic: T;
  partition: number;
  offset: bigint;
  timestamp: number;
  key: Buffer | null;
  /** The bytes of the value as they came. */
  bytes: Buffer;
  value: TopicValue[T];
}

/** A row for a topic. Its key comes from the topic's contract, unless given. */
export type Output = {
  [T in TopicName]: { topic: T; value: TopicValue[T]; key?: RecordKey & { partition?: number } };
}[TopicName];

/** Something that runs. `ready` answers `ok` or what is missing. */
export interface Runnable extends Resource {
  ready(): string;
  /** False when the loop has not ticked for so long that a restart is due. */
  live(): boolean;
}

/** A stage that runs. */
export interface RunnableStage extends Runnable {
  /**
   * Of a bounded run: resolves when every partition that this instance has is done. One without any is done at once; what an
   * instance leaves undone when it fails, the others take over as long as they run.
   */
  ended: Promise<void> | null;
}

/**
 * A stage that turns each record into rows: a pure function, with what it needs from outside looked up once per batch.
 * Rows, position and state of the stage become visible in one transaction per batch.
 */
export interface RecordStage<In extends TopicName, Context = undefined> {
  name: string;
  input: In;
  changelog: ChangelogTopic;
  /** Answers one context per record, in order. Called again with the same records when a batch is repeated. */
  lookup: (records: readonly StreamRecord<In>[]) => Promise<readonly Context[]>;
  /** Pure: the same record and context give the same rows, or the same reason for none. */
  process: (record: StreamRecord<In>, context: Context) => readonly Output[] | Skip;
}

/** A record that ends here, with the reason it is counted by. */
export interface Skip {
  skip: string;
}

/** What a windowed aggregate needs to know of its input rows. */
export interface WindowInput {
  namespace: string;
  event_id: string;
  timestamp: number;
}

/** Topics whose rows carry event time, tenant and id. */
export type WindowableTopic = {
  [T in TopicName]: TopicValue[T] extends WindowInput ? T : never;
}[TopicName];

export type ChangelogTopic = Extract<TopicName, `${string}-changelog.v1`>;
export type PartialsTopic = Extract<TopicName, `${string}-partials.v1`>;

/** Values that group rows; null is a value of its own. */
export type Group = readonly (string | null)[];

export interface Window {
  /** Inclusive, epoch milliseconds, aligned to UTC. */
  start: number;
  /** Exclusive. */
  end: number;
}

export interface RowStatus {
  isFinal: boolean;
  revision: number;
}

/**
 * A tumbling-window aggregate: pure functions over a state of plain JSON values, Sets and bigints. `add` may change the state it is given
 * and answers it. `Row` are the columns that it reads: the others are never decoded.
 */
export interface WindowedAggregate<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]> = TopicValue[In],
> {
  name: string;
  input: In;
  output: Out;
  changelog: ChangelogTopic;
  windowMs: number;
  /** How far behind the newest event of its partition an event may be and still count. */
  outOfOrdernessMs: number;
  /** Each column of `Row`, and no other. */
  columns: Readonly<Record<keyof Row, true>>;
  /** Null for rows that do not take part. */
  groupBy: (row: Row) => Group | null;
  init: () => State;
  add: (state: State, row: Row) => State;
  toRow: (group: Group, window: Window, result: { state: State } & RowStatus) => TopicValue[Out];
}

/**
 * An aggregate whose groups spread over the input's partitions: each partition's share is computed first, then shares of one
 * group meet in one partition of `partials`. A final row is emitted when every input partition has closed the window.
 */
export interface TwoStepAggregate<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]> = TopicValue[In],
> extends WindowedAggregate<In, Out, State, Row> {
  partials: PartialsTopic;
  splitChangelog: ChangelogTopic;
  /** Adds the second state to the first. Must not depend on the order of calls. */
  merge: (into: State, from: State) => State;
}

/** What became of a record in a consumer that writes to a store. */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'skip'; reason: string }
  | { kind: 'deadLetter'; reason: string; message: string; field?: string };

/** Handles the records of one partition of one topic, in order; answers one outcome per record. Throws when a store is sick. */
export type BatchHandler<T extends TopicName> = (
  records: readonly StreamRecord<T>[],
) => Promise<readonly Outcome[]>;

export interface ConsumerOptions<T extends TopicName> {
  /** Consumer group; also the `stage` of its dead letters. */
  name: string;
  handlers: { [K in T]: BatchHandler<K> };
}
