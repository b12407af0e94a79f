// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
/** What could not be processed, with its reason and bytes. */
export interface DeadLetter {
  /** Service or stage that gave up on the record. */
  stage: string;
  /** Machine-readable reason. */
  reason: string;
  /** Field at fault. */
  field: null | string;
  /** What was wrong, for a person. */
  message: string;
  /** Tenant, where it could be read. */
  namespace: null | string;
  /** Event id, where it could be read. */
  event_id: null | string;
  /** Topic of the record; null for HTTP. */
  source_topic: null | string;
  /** Partition of the record. */
  source_partition: null | number;
  /** Offset of the record. */
  source_offset: null | number;
  /** Key, unchanged. */
  key: null | Buffer;
  /** Value, unchanged. */
  value: null | Buffer;
  /** Time at which it was given up. */
  failed_at: number;
}
