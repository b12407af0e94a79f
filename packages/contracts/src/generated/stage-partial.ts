// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
export interface PartialEvent {
  /** Event id. */
  event_id: string;
  /** Event time. */
  timestamp: number;
  /** Offset in the input partition. */
  offset: number;
}

/** First step of a two-step aggregate: what one input partition adds to a window of a group, or its watermark. */
export interface StagePartial {
  /** Input partition of the first step. */
  source_partition: number;
  /** Input offset up to which this record counts. */
  revision: number;
  /** Set on watermark records: every window of the source that ends at or before it is complete. */
  watermark: null | number;
  /** Set on watermark records of a source that has had no input: it holds no window back. */
  idle: boolean;
  /** Group as a JSON array. */
  group: null | string;
  /** Start of the window. */
  window_start: null | number;
  /** What is added, as JSON. */
  state: null | string;
  /** Events counted in it, so that a late one can be named. */
  events: PartialEvent[];
}
