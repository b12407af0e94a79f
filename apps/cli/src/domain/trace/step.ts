/** A place that an event has come to. */
export interface Step {
  step: string;
  /** Topic and coordinates, table, key or route. */
  where: string;
  /** ISO 8601; null where the place tells no time. */
  at: string | null;
  /** Since the step that this one follows from. */
  after_ms: number | null;
  what: Readonly<Record<string, unknown>>;
}

export interface Trace {
  event_id: string;
  namespace: string;
  /** `accepted`: it is in clickstream; `refused`: there are dead letters of it only; `split`: its parts are events of their own. */
  status: 'accepted' | 'refused' | 'split' | 'unknown';
  steps: Step[];
}

export function toStep(
  step: string,
  where: string,
  options: { atMs?: number | null; sinceMs?: number | null; what?: Step['what'] } = {},
): Step {
  const { atMs = null, sinceMs = null, what = {} } = options;
  return {
    step,
    where,
    at: atMs === null ? null : new Date(atMs).toISOString(),
    after_ms: atMs === null || sinceMs === null ? null : atMs - sinceMs,
    what,
  };
}
