// Where the record of an event is in clickstream: its claim tells, as long as there is one; otherwise the topic is searched.
import { claimKey } from '@shopstream/contracts';
import type { Redis } from '@shopstream/stores';
import { parsePlace } from '../domain/dead-letters/dead-letter.ts';
import type { Found } from '../domain/trace/found.ts';
import type { LogSearch } from './log-search.ts';

export interface EventName {
  namespace: string;
  eventId: string;
}

const TOPIC = 'ecom.clickstream.v1';
const HOUR_MS = 3_600_000;

/** All records of an event from its first one on, in the partition where that is; none when it is not there. */
export async function findRecords(
  event: EventName,
  { search, redis, sinceMs }: { search: LogSearch; redis: Redis; sinceMs: number },
): Promise<Found<typeof TOPIC>[]> {
  const isIt = (row: { namespace: string; event_id: string | null }): boolean =>
    row.namespace === event.namespace && row.event_id === event.eventId;
  const first = (await claimed()) ?? (await searched());
  if (first === undefined) return [];
  const { partition, offset } = first;
  return search.all(TOPIC, { partition, from: { offsets: new Map([[partition, offset]]) } }, isIt);

  async function claimed(): Promise<Found<typeof TOPIC> | undefined> {
    const claim = await redis.get(claimKey(event.namespace, event.eventId));
    const place = parsePlace(claim ?? '');
    if (place === undefined) return undefined;
    const { partition, offset } = place;
    const record = await search.first(
      TOPIC,
      { partition, from: { offsets: new Map([[partition, offset]]) } },
      () => true,
    );
    return record !== undefined && isIt(record.value) ? record : undefined;
  }

  /** The last hour first: what is asked for has mostly just happened. */
  async function searched(): Promise<Found<typeof TOPIC> | undefined> {
    const recentMs = Date.now() - HOUR_MS;
    const recent = await search.first(TOPIC, { from: { timeMs: Math.max(recentMs, sinceMs) } }, isIt);
    return (
      recent ?? (sinceMs < recentMs ? search.first(TOPIC, { from: { timeMs: sinceMs } }, isIt) : undefined)
    );
  }
}

/** Ids of the lines and the summary that a bulk purchase was split into. */
export async function findParts(
  event: EventName,
  { search, sinceMs }: { search: LogSearch; sinceMs: number },
): Promise<string[]> {
  const isPart = (row: { namespace: string; parent_event_id: string | null }): boolean =>
    row.namespace === event.namespace && row.parent_event_id === event.eventId;
  const whole = await search.first(TOPIC, { from: { timeMs: sinceMs } }, isPart);
  if (whole === undefined) return [];
  const { partition, offset } = whole;
  const parts = await search.all(
    TOPIC,
    { partition, from: { offsets: new Map([[partition, offset]]) } },
    isPart,
  );
  return [...new Set(parts.flatMap(({ value }) => value.event_id ?? []))];
}
