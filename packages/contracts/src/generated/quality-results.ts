// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
/** Newest result of each data test. A test looks at a topic, whoever its tenants are. */
export interface QualityResult {
  /** Id of the test: declaration, check and column. */
  test: string;
  /** Topic that it tests. */
  topic: string;
  /** pass, warn or error. */
  level: string;
  /** Since when it has been at this level. */
  since: number;
  /** Time of the check that this result is of. */
  checked_at: number;
  /** What was measured: rows that break the rule, seconds of lag or silence, rows a minute; null where nothing could be judged. */
  value: null | number;
  /** What was found, for a person; coordinates, never contents of rows. */
  detail: string;
  /** Rows of the sample that this result is of. */
  rows_checked: number;
  /** Level that people were last told; different from level while a message is due. */
  notified: string;
}
