/** First offset and the one after the last, by partition. */
export type EndOffsets = Map<number, { low: bigint; high: bigint }>;

/**
 * A place in each partition of a topic: by the broker's time of appending, epoch milliseconds, the first record at or after it; by
 * offsets, with nothing said of the partitions that are not named.
 */
export type LogPlace = { timeMs: number } | { offsets: ReadonlyMap<number, bigint> };

export interface PlaceLookup {
  ends: EndOffsets;
  /** By partition the offset of the first record appended at or after that time; the end where there is none. */
  offsetsAt: (timeMs: number) => Promise<ReadonlyMap<number, bigint>>;
}

/**
 * Offsets of a place, between beginning and end of each partition; of partitions of which it says nothing none.
 * @throws RangeError for a partition that the topic does not have
 */
export async function findPlace(
  place: LogPlace,
  { ends, offsetsAt }: PlaceLookup,
): Promise<Map<number, bigint>> {
  const offsets = 'timeMs' in place ? await offsetsAt(place.timeMs) : place.offsets;
  const strange = [...offsets.keys()].filter((partition) => !ends.has(partition));
  if (strange.length > 0)
    throw new RangeError(`there is no partition ${strange.join(', ')}: the topic has ${ends.size}`);
  const found = new Map<number, bigint>();
  for (const [partition, offset] of offsets) {
    const { low, high } = ends.get(partition) ?? { low: 0n, high: 0n };
    found.set(partition, offset < low ? low : offset > high ? high : offset);
  }
  return found;
}
