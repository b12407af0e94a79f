import { type PlaceLookup, findPlace } from '../log-place.ts';
import type { RunMode } from '../run-mode.ts';

/** Which part of its input a stage processes. */
export interface InputRange {
  /** Offset at which a partition without a position begins. */
  startOf(partition: number): bigint;
  /** Offset at which a partition ends; null where nothing but the input itself can say. */
  endOf(partition: number): bigint | null;
}

/** Looks the places of a run up, once: the end is the one that the input has now. */
export async function findRange(
  { isBounded, from, until }: RunMode,
  look: () => Promise<PlaceLookup>,
): Promise<InputRange> {
  if (!isBounded && from === 'beginning') return wholeInput;
  const lookup = await look();
  const starts = from === 'beginning' ? new Map<number, bigint>() : await findPlace(from, lookup);
  const ends = until === 'end' ? new Map<number, bigint>() : await findPlace(until, lookup);
  const startOf = (partition: number): bigint =>
    starts.get(partition) ?? lookup.ends.get(partition)?.low ?? 0n;
  const endOf = (partition: number): bigint => ends.get(partition) ?? lookup.ends.get(partition)?.high ?? 0n;
  return { startOf, endOf: isBounded ? endOf : () => null };
}

/** Everything, for ever; a stage's own topics too, whose rows say themselves when they have ended. */
export const wholeInput: InputRange = { startOf: () => 0n, endOf: () => null };
