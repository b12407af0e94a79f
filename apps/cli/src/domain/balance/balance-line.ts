/** One conservation: everything received must be among the outcomes, once. */
export interface BalanceLine {
  line: string;
  /** Tenant; null for all. */
  namespace: string | null;
  received: number;
  outcomes: Readonly<Record<string, number>>;
  /** Received, and not yet worked on when it was counted; some of it may be among the outcomes by now. */
  waiting: number;
  /** Above zero: so many are missing. Below: so many are too much. Null: cannot be judged, the note says why. */
  off_by: number | null;
  note: string | null;
}

export interface BalanceParts {
  line: string;
  namespace?: string | null;
  received: number;
  outcomes: Readonly<Record<string, number>>;
  waiting?: number;
}

/** Exact where nothing is waiting; what is waiting may or may not have an outcome already. */
export function toBalanceLine({
  line,
  namespace = null,
  received,
  outcomes,
  waiting = 0,
}: BalanceParts): BalanceLine {
  const missing = received - Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const offBy = missing < 0 ? missing : Math.max(0, missing - waiting);
  return { line, namespace, received, outcomes, waiting, off_by: offBy, note: null };
}

/** A line that says why it cannot be judged. */
export const unjudged = (parts: BalanceParts, note: string): BalanceLine => ({
  ...toBalanceLine(parts),
  off_by: null,
  note,
});

export const isOff = ({ off_by: offBy }: BalanceLine): boolean => offBy !== null && offBy !== 0;
