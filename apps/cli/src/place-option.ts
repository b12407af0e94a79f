import type { TopicName } from '@shopstream/contracts';
import { type LogPlace, type Streams, parsePlace } from '@shopstream/streams';
import { InvalidArgumentError } from 'commander';
import { parseTime } from './time-option.ts';

/** A place in a topic as an option's value: a time, or offsets by partition. */
export function parseLogPlace(text: string): LogPlace {
  const place = parsePlace(text);
  if (place !== undefined) return place;
  try {
    return { timeMs: parseTime(text) };
  } catch {
    throw new InvalidArgumentError(
      'It must be a time such as 2026-01-05T12:00:00Z or 24h, or offsets such as 0:1500,1:1498.',
    );
  }
}

/** A part of a topic in offsets, so that whoever is given it reads the same. */
export async function findRange(
  { admin }: Streams,
  topic: TopicName,
  { from, until }: { from?: LogPlace | undefined; until?: LogPlace | undefined },
): Promise<{ from: string; until: string }> {
  const ends = await admin.endOffsets(topic);
  const find = async (place: LogPlace | undefined) =>
    place === undefined
      ? new Map<number, bigint>()
      : 'timeMs' in place
        ? await admin.offsetsAt(topic, place.timeMs)
        : place.offsets;
  const [first, last] = [await find(from), await find(until)];
  const text = (offsetOf: (partition: number, edge: { low: bigint; high: bigint }) => bigint): string =>
    [...ends].map(([partition, edge]) => `${partition}:${offsetOf(partition, edge)}`).join(',');
  return {
    from: text((partition, { low }) => first.get(partition) ?? low),
    until: text((partition, { high }) => last.get(partition) ?? high),
  };
}
