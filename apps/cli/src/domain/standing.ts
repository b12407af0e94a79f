import type { TopicName } from '@shopstream/contracts';

/** One partition as a group sees it. Offsets: what it has read up to (null before its first commit), begin and end of the log. */
export interface Position {
  group: string;
  topic: TopicName;
  partition: number;
  committed: bigint | null;
  low: bigint;
  high: bigint;
}

/** How many offsets of a partition a group has not read yet. */
export const behindOf = ({ committed, low, high }: Position): bigint => high - (committed ?? low);

/**
 * Whether nothing moves any more: everybody has read everything, and no log has grown since the look before, so that nothing is
 * being computed from what was read last.
 */
export function isSettled(before: readonly Position[] | null, now: readonly Position[]): boolean {
  if (now.some((position) => behindOf(position) > 0n)) return false;
  return before !== null && now.every(({ high }, i) => before[i]?.high === high);
}
