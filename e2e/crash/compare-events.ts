// The topics with one row an event, against what was sent.
import { isCleanEventType } from '@shopstream/contracts';
import type { Exported } from '../oracle/batch-oracle.ts';
import type { SentEvents } from './client.ts';
import type { Pipeline } from './pipeline.ts';
import { type ShopEvent, eventAt, numberOf, productAt } from './shop.ts';
import { Tally, type TopicTally, countUp } from './tally.ts';

type Row = { [Column in keyof ShopEvent]: ShopEvent[Column] | null } & { namespace: string };

interface Received {
  /** How often each event is in clickstream: a lost answer may have put it there twice. */
  counts: Map<string, number>;
  times: Set<string>;
}

export interface EventComparison {
  tallies: TopicTally[];
  /** Rows of clickstream beyond the first of their event. */
  sentAgain: number;
  /** Enriched rows, each event once, where it stands first. */
  enriched: Exported[];
}

export async function compareEvents(pipeline: Pipeline, sent: SentEvents): Promise<EventComparison> {
  const { tally, received } = await compareClickstream(pipeline, sent);
  const ids = [...received.counts.keys()];
  const isClean = (id: string): boolean => isCleanEventType(eventAt(numberOf(id)).event_type);
  const clean = await compareCleaned(pipeline, 'ecom.events-clean.v1', {
    expected: new Set(ids.filter(isClean)),
    received,
  });
  const signals = await compareCleaned(pipeline, 'ecom.signals.v1', {
    expected: new Set(ids.filter((id) => !isClean(id))),
    received,
  });
  const enriched = await compareEnriched(pipeline, new Set(ids.filter(isClean)), clean.order);
  const sentAgain = [...received.counts.values()].reduce((sum, count) => sum + count - 1, 0);
  return {
    tallies: [tally, clean.tally, signals.tally, enriched.tally],
    sentAgain,
    enriched: enriched.rows,
  };
}

async function compareClickstream(pipeline: Pipeline, sent: SentEvents) {
  const tally = new Tally('ecom.clickstream.v1', 'acknowledged events');
  const received: Received = { counts: new Map(), times: new Set() };
  await pipeline.read('ecom.clickstream.v1', ({ value }) => {
    const id = value.event_id ?? '';
    countUp(received.counts, id);
    received.times.add(`${id} ${value.received_at}`);
    const wrong = wrongColumn(value);
    if (wrong !== null) tally.add('wrong', wrong);
  });
  tally.result.expected = sent.acknowledged.size;
  tally.result.found = received.counts.size;
  for (const number of sent.acknowledged) {
    if (!received.counts.has(`event-${number}`)) tally.add('missing', `event-${number}`);
  }
  return { tally: tally.result, received };
}

async function compareCleaned(
  pipeline: Pipeline,
  topic: 'ecom.events-clean.v1' | 'ecom.signals.v1',
  { expected, received }: { expected: Set<string>; received: Received },
) {
  const tally = new Tally(topic, 'events');
  const found = new Map<string, number>();
  const order = new Map<number, string[]>();
  await pipeline.read(topic, ({ value, partition }) => {
    countUp(found, value.event_id);
    order.set(partition, order.get(partition) ?? []);
    order.get(partition)?.push(value.event_id);
    const wrong = wrongColumn(value) ?? wrongUser(value);
    if (wrong !== null) tally.add('wrong', wrong);
    else if (!received.times.has(`${value.event_id} ${value.received_at}`)) {
      tally.add('wrong', `${value.event_id}: received_at is of no record of it`);
    }
  });
  tally.addIds(expected, found);
  return { tally: tally.result, order };
}

async function compareEnriched(
  pipeline: Pipeline,
  expected: Set<string>,
  cleanOrder: ReadonlyMap<number, readonly string[]>,
) {
  const tally = new Tally('ecom.events-enriched.v1', 'events');
  const found = new Map<string, number>();
  const rows: Exported[] = [];
  const next = new Map<number, number>();
  await pipeline.read('ecom.events-enriched.v1', ({ value, partition, offset }) => {
    countUp(found, value.event_id);
    const wrong = wrongColumn(value) ?? wrongUser(value) ?? wrongProduct(value);
    if (wrong !== null) tally.add('wrong', wrong);
    if (found.get(value.event_id) !== 1) return;
    const at = next.get(partition) ?? 0;
    next.set(partition, at + 1);
    if (cleanOrder.get(partition)?.[at] !== value.event_id)
      tally.add('wrong', `${value.event_id}: out of order`);
    rows.push({ partition, offset, value: columnsOf(value) });
  });
  tally.addIds(expected, found);
  return { tally: tally.result, rows };
}

/** Only what the oracle needs is kept of a row. */
function columnsOf({
  event_id,
  session_id,
  user_identifier,
  event_type,
  page_url,
  ...row
}: Exported['value']) {
  const { namespace, product_id, device_type, country, timestamp } = row;
  const { product_name, product_category, product_price } = row;
  return {
    ...{
      event_id,
      namespace,
      session_id,
      user_identifier,
      event_type,
      page_url,
      product_id,
      device_type,
      country,
    },
    ...{ timestamp, product_name, product_category, product_price },
  };
}

function wrongColumn(row: Row): string | null {
  const id = row.event_id ?? '';
  const number = numberOf(id);
  if (Number.isNaN(number)) return `${id}: nobody sent it`;
  return differing(id, row, { ...eventAt(number), namespace: 'default' });
}

const wrongUser = (row: Row & { event_id: string; user_identifier: string | null }): string | null =>
  differing(row.event_id, row, { user_identifier: row.user_id ?? row.anonymous_id });

const noProduct = {
  product_name: null,
  product_category: null,
  product_subcategory: null,
  product_price: null,
  product_brand: null,
};

function wrongProduct(row: {
  event_id: string;
  product_id: string | null;
  timestamp: number;
}): string | null {
  const product = row.product_id === null ? null : productAt(row.product_id, row.timestamp);
  return differing(row.event_id, row, product ?? noProduct);
}

function differing(id: string, row: object, expected: object): string | null {
  for (const [column, value] of Object.entries(expected)) {
    const found = (row as Record<string, unknown>)[column];
    if (found !== value) return `${id}: ${column} is ${String(found)} instead of ${String(value)}`;
  }
  return null;
}
