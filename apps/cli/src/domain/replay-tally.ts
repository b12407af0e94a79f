import type { EventResult } from '@shopstream/contracts';

const KEPT_EXAMPLES = 3;

/** Why events were refused, how many, and the first of them. */
export interface RefusalCount {
  field: string;
  reason: string;
  count: number;
  examples: { line: number; event_id: string | null }[];
}

export interface ReplaySummary {
  sent: number;
  accepted: number;
  refused: number;
  refusals: RefusalCount[];
}

export interface ReplayTally {
  add(line: number, result: Pick<EventResult, 'status' | 'event_id' | 'field' | 'reason'>): void;
  summary(): ReplaySummary;
}

/** Counts results; most frequent refusals first. */
export function createReplayTally(): ReplayTally {
  const refusals = new Map<string, RefusalCount>();
  let accepted = 0;
  let refused = 0;
  return {
    add(line, { status, event_id, field = 'event', reason = 'is refused' }) {
      if (status === 'accepted') {
        accepted += 1;
        return;
      }
      refused += 1;
      const key = `${field} ${reason}`;
      const known = refusals.get(key) ?? { field, reason, count: 0, examples: [] };
      refusals.set(key, known);
      known.count += 1;
      if (known.examples.length < KEPT_EXAMPLES) known.examples.push({ line, event_id });
    },
    summary: () => ({
      sent: accepted + refused,
      accepted,
      refused,
      refusals: [...refusals.values()].sort((a, b) => b.count - a.count),
    }),
  };
}
