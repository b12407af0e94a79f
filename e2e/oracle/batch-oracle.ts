// What a batch job over the exported topics would compute, written without the stages' code: plain arithmetic over arrays.
import type { EnrichedEvent } from '@shopstream/contracts';

/** The columns that the models are made of. */
export type OracleEvent = Pick<
  EnrichedEvent,
  | 'event_id'
  | 'namespace'
  | 'session_id'
  | 'user_identifier'
  | 'event_type'
  | 'page_url'
  | 'product_id'
  | 'device_type'
  | 'country'
  | 'timestamp'
  | 'product_name'
  | 'product_category'
  | 'product_price'
>;

export interface Exported {
  partition: number;
  offset: bigint;
  value: OracleEvent;
}

export interface Expected {
  /** By key, with the columns of the model; `is_final` as far as the watermark of the log goes. */
  rows: Map<string, Record<string, unknown>>;
  /** Event ids that came after their window had closed. */
  late: Set<string>;
}

interface Placed extends Exported {
  start: number;
  end: number;
}

/**
 * Splits events into those that count and those too late for their window: going through each partition in order, an event is late
 * when its window ends at or before the greatest time seen so far minus the allowed disorder.
 */
function place(
  events: readonly Exported[],
  model: { windowMs: number; disorderMs: number; takesPart: (event: OracleEvent) => boolean },
) {
  const { windowMs, disorderMs, takesPart } = model;
  const onTime: Placed[] = [];
  const late = new Set<string>();
  const horizons = new Map<number, number>();
  const inOrder = [...events].sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  for (const event of inOrder) {
    const at = event.value.timestamp;
    const horizon = horizons.get(event.partition) ?? -Infinity;
    const start = at - (((at % windowMs) + windowMs) % windowMs);
    if (takesPart(event.value)) {
      if (start + windowMs - 1 <= horizon) late.add(event.value.event_id);
      else onTime.push({ ...event, start, end: start + windowMs });
    }
    horizons.set(event.partition, Math.max(horizon, at - disorderMs));
  }
  return { onTime, late, horizons };
}

function groupBy(events: readonly Placed[], key: (event: Placed) => string): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const event of events) {
    const list = groups.get(key(event));
    if (list === undefined) groups.set(key(event), [event]);
    else list.push(event);
  }
  return groups;
}

const countOf = (events: readonly Placed[], type: string): number =>
  events.filter(({ value }) => value.event_type === type).length;

const distinct = (values: readonly (string | null)[]): string[] => [
  ...new Set(values.filter((value): value is string => value !== null)),
];

/** Sum of decimals by hand: whole hundredths as integers, division rounded half up to six digits. */
function priceColumns(events: readonly Placed[]): { max: string | null; avg: string | null } {
  const cents = events.flatMap(({ value }) =>
    value.product_price === null ? [] : [BigInt(value.product_price.replace('.', ''))],
  );
  if (cents.length === 0) return { max: null, avg: null };
  const max = cents.reduce((a, b) => (b > a ? b : a));
  const sum = cents.reduce((a, b) => a + b);
  const millionths = sum * 10_000n;
  const count = BigInt(cents.length);
  const rounded = millionths / count + ((millionths % count) * 2n >= count ? 1n : 0n);
  const text = (value: bigint, digits: number): string => {
    const padded = String(value).padStart(digits + 1, '0');
    return `${padded.slice(0, padded.length - digits)}.${padded.slice(padded.length - digits)}`;
  };
  return { max: text(max, 2), avg: text(rounded, 6) };
}

export function expectedSessions(events: readonly Exported[], disorderMs: number): Expected {
  const { onTime, late, horizons } = place(events, {
    windowMs: 30 * 60_000,
    disorderMs,
    takesPart: () => true,
  });
  const groups = groupBy(onTime, ({ value: v, start }) =>
    JSON.stringify([v.namespace, v.session_id, v.user_identifier, v.device_type, v.country, start]),
  );
  const rows = new Map<string, Record<string, unknown>>();
  for (const [key, members] of groups) {
    const first = members[0];
    if (first === undefined) continue;
    const { max, avg } = priceColumns(members);
    rows.set(key, {
      session_id: first.value.session_id,
      user_identifier: first.value.user_identifier,
      device_type: first.value.device_type,
      country: first.value.country,
      session_start: first.start,
      session_end: first.end,
      event_count: members.length,
      pages_viewed: distinct(members.map(({ value }) => value.page_url)).length,
      page_views: countOf(members, 'page_view'),
      clicks: countOf(members, 'click'),
      add_to_carts: countOf(members, 'add_to_cart'),
      purchases: countOf(members, 'purchase'),
      searches: countOf(members, 'search'),
      categories_browsed: distinct(members.map(({ value }) => value.product_category)).sort(),
      max_product_price: max,
      avg_product_price: avg,
      namespace: first.value.namespace,
      is_final: first.end - 1 <= (horizons.get(first.partition) ?? -Infinity),
    });
  }
  return { rows, late };
}

/**
 * Popularity adds up all partitions, so a window of the past is final when every one of them has passed it; one without any event
 * never has.
 */
export function expectedPopularity(
  events: readonly Exported[],
  { disorderMs, partitions }: { disorderMs: number; partitions: number },
): Expected {
  const { onTime, late, horizons } = place(events, {
    windowMs: 5 * 60_000,
    disorderMs,
    takesPart: (event) => event.product_id !== null,
  });
  const horizon = horizons.size < partitions ? -Infinity : Math.min(...horizons.values());
  const rows = new Map<string, Record<string, unknown>>();
  const groups = groupBy(onTime, ({ value: v, start }) => JSON.stringify([v.namespace, v.product_id, start]));
  for (const [key, members] of groups) {
    const first = members[0];
    if (first === undefined) continue;
    const named = members
      .filter(({ value }) => value.product_name !== null)
      .sort((a, b) => a.value.timestamp - b.value.timestamp || (a.value.event_id < b.value.event_id ? -1 : 1))
      .at(-1);
    const [views, carts, purchases] = ['page_view', 'add_to_cart', 'purchase'].map((type) =>
      countOf(members, type),
    );
    rows.set(key, {
      product_id: first.value.product_id,
      product_name: named?.value.product_name ?? null,
      product_category: named?.value.product_category ?? null,
      window_start: first.start,
      window_end: first.end,
      total_interactions: members.length,
      views,
      add_to_carts: carts,
      purchases,
      unique_users: distinct(members.map(({ value }) => value.user_identifier)).length,
      popularity_score: (views ?? 0) + 5 * (carts ?? 0) + 10 * (purchases ?? 0),
      namespace: first.value.namespace,
      is_final: first.end - 1 <= horizon,
    });
  }
  return { rows, late };
}
