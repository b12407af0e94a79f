// What became of a record of clickstream, topic by topic: in each, only the partition of its key is read, from the time of the record on.
import { entityKey, type Clickstream } from '@shopstream/contracts';
import type { Streams } from '@shopstream/streams';
import type { Followed, Found, WindowTrace } from '../domain/trace/found.ts';
import type { LogSearch, Place } from './log-search.ts';

export async function followEvent(
  record: Found<'ecom.clickstream.v1'>,
  { streams, search }: { streams: Streams; search: LogSearch },
): Promise<Followed> {
  const { namespace, event_id: eventId } = record.value;
  const followed: Followed = {
    cleaned: undefined,
    enriched: undefined,
    session: undefined,
    popularity: undefined,
    late: [],
  };
  if (eventId === null) return followed;
  const isIt = (row: { namespace: string; event_id: string }): boolean =>
    row.namespace === namespace && row.event_id === eventId;
  const bySession = entityKey(namespace, sessionOf(record.value));
  const from = { timeMs: record.timestamp };
  const placeIn = async (topic: Parameters<Streams['partitionOf']>[0], key: string): Promise<Place> => ({
    partition: await streams.partitionOf(topic, key),
    from,
  });

  const clean = await search.first(
    'ecom.events-clean.v1',
    await placeIn('ecom.events-clean.v1', bySession),
    isIt,
  );
  followed.cleaned =
    clean ?? (await search.first('ecom.signals.v1', await placeIn('ecom.signals.v1', bySession), isIt));
  if (clean === undefined) return followed;
  const enriched = await search.first(
    'ecom.events-enriched.v1',
    await placeIn('ecom.events-enriched.v1', bySession),
    isIt,
  );
  followed.enriched = enriched;
  if (enriched === undefined) return followed;
  const key = entityKey(namespace, eventId);
  [followed.session, followed.popularity, followed.late] = await Promise.all([
    findSession(enriched, search, await placeIn('ecom.user-sessions.v1', bySession)),
    findPopularity(enriched, { streams, search }),
    search.all('ecom.late.v1', await placeIn('ecom.late.v1', key), isIt),
  ]);
  return followed;
}

const sessionOf = ({ session_id: session, event_id: event }: Clickstream): string => session ?? event ?? '';

async function findSession(
  { value, offset }: Found<'ecom.events-enriched.v1'>,
  search: LogSearch,
  place: Place,
): Promise<Followed['session']> {
  const rows = await search.all(
    'ecom.user-sessions.v1',
    place,
    (row) =>
      row.namespace === value.namespace &&
      row.session_id === value.session_id &&
      row.user_identifier === value.user_identifier &&
      row.device_type === value.device_type &&
      row.country === value.country &&
      row.session_start <= value.timestamp &&
      value.timestamp < row.session_end,
  );
  return toWindowTrace(rows, Number(offset));
}

/** Rows of popularity count up to an offset of its partials: that of the share which holds the event. */
async function findPopularity(
  { value, timestamp }: Found<'ecom.events-enriched.v1'>,
  { streams, search }: { streams: Streams; search: LogSearch },
): Promise<Followed['popularity']> {
  const { namespace, product_id: product } = value;
  if (product === null) return undefined;
  const from = { timeMs: timestamp };
  const group = JSON.stringify([namespace, product]);
  const partials = 'ecom.popularity-partials.v1';
  const share = await search.first(
    partials,
    { partition: await streams.partitionOf(partials, group), from },
    (row) => row.group === group && row.events.some(({ event_id }) => event_id === value.event_id),
  );
  if (share === undefined) return undefined;
  const topic = 'ecom.product-popularity.v1';
  const rows = await search.all(
    topic,
    { partition: await streams.partitionOf(topic, entityKey(namespace, product)), from },
    (row) =>
      row.namespace === namespace &&
      row.product_id === product &&
      row.window_start <= value.timestamp &&
      value.timestamp < row.window_end,
  );
  return toWindowTrace(rows, Number(share.offset));
}

function toWindowTrace<T extends 'ecom.user-sessions.v1' | 'ecom.product-popularity.v1'>(
  rows: readonly Found<T>[],
  revision: number,
): WindowTrace<T> | undefined {
  const counting = rows.filter(({ value }) => value.revision >= revision);
  const [first] = counting;
  const newest = counting.at(-1);
  return first && newest && { first, newest };
}
