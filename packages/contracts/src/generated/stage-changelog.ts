// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
/** State of a stage: its position and its open windows, compacted by key. */
export interface StageChangelog {
  /** barrier, position or window. */
  kind: string;
  /** Input offset up to which the state counts. */
  revision: number;
  /** State as JSON. */
  state: string;
}
