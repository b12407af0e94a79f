// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
/** Records that came after the final row of their window. */
export interface LateEvent {
  /** Stage that dropped the record. */
  stage: string;
  /** Tenant; part of every key. */
  namespace: string;
  /** Event id. */
  event_id: string;
  /** Why it was late. */
  reason: string;
  /** Event time. */
  event_timestamp: number;
  /** Start of the closed window. */
  window_start: number;
  /** End of the closed window. */
  window_end: number;
  /** Watermark when the record came. */
  watermark: number;
  /** Topic of the record. */
  source_topic: string;
  /** Partition of the record. */
  source_partition: number;
  /** Offset of the record. */
  source_offset: number;
}
