/** Why an event was refused, for machines: the `reason` of its dead letter. */
export type RefusalReason =
  | 'not_an_object'
  | 'unsupported_schema_version'
  | 'unknown_event_type'
  | 'missing_field'
  | 'invalid_field'
  | 'invalid_user_id'
  | 'invalid_namespace'
  | 'missing_identity'
  | 'timestamp_too_early'
  | 'timestamp_too_late'
  | 'invalid_properties';

/** One event's refusal: where, in its sender's spelling, and what is wrong. */
export interface Refusal {
  reason: RefusalReason;
  field: string;
  message: string;
}

export type Judged<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export const accept = <T>(value: T): Judged<T> => ({ ok: true, value });

export function refuse<T>(reason: RefusalReason, field: string, message: string): Judged<T> {
  return { ok: false, refusal: { reason, field, message } };
}
