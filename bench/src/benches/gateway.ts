import type autocannon from 'autocannon';
import type { Bench } from '../bench.ts';
import type { Context } from '../context.ts';
import { batchRequests } from '../load/event-requests.ts';
import { type LoadResult, measureLoad, withLoad } from '../load/http-load.ts';
import { measurePaced } from '../load/paced-load.ts';
import { withBareServer } from '../reference/with-bare-server.ts';
import type { Cell, Table } from '../report/table.ts';
import { SHOP, itemId, shopEvents, userId } from '../shop/synthetic-shop.ts';

const CONNECTIONS = [1, 10, 50];
const RATES = [100, 500, 1_000, 1_500, 2_000];
const RATE_CONNECTIONS = 50;
const EVENTS_PER_SECOND = 1_000;
const BATCH = 50;
/** A rate is kept when so much of it was answered within its time. */
const KEPT_SHARE = 0.9;

/** gorse 0.5.11 over PostgreSQL with as many items, users and events, on such a machine while it was busy. */
const gorse: Readonly<Record<string, { perSecond: number; p99Ms: number }>> = {
  'recommendations 1': { perSecond: 302, p99Ms: 19 },
  'recommendations 10': { perSecond: 516, p99Ms: 88 },
  'similar 10': { perSecond: 1_208, p99Ms: 44 },
};

const recommendations = Array.from({ length: SHOP.users }, (_, user) => ({
  path: `/v1/recommendations?user_id=${userId(user * 7)}&limit=10`,
}));
const similar = Array.from({ length: SHOP.users }, (_, item) => ({
  path: `/v1/items/${itemId(item * 13)}/similar?limit=10`,
}));
const routes: readonly [string, autocannon.Request[]][] = [
  ['recommendations', recommendations],
  ['similar', similar],
];

export const gateway: Bench = {
  name: 'gateway',
  about: 'latency of recommendations and similar items',
  async run(context) {
    const { platform } = await context.shop();
    const url = platform.url('serving');
    const open = await measureOpen(context, url);
    const background = {
      url,
      requests: batchRequests(shopEvents(5_000, { seed: 4, untilMs: Date.now() }), BATCH),
      connections: 2,
      rate: EVENTS_PER_SECOND / BATCH,
    };
    const quiet = await measureRates(context, { url, eventsPerSecond: 0 });
    const busy = await withLoad(background, () =>
      measureRates(context, { url, eventsPerSecond: EVENTS_PER_SECOND }),
    );
    return [openTable(open), pacedTable([...quiet, ...busy])];
  },
};

async function measureOpen({ options: { seconds }, say, signal }: Context, url: string): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for (const connections of CONNECTIONS) {
    const bare = await withBareServer((bareUrl) =>
      measureLoad({ url: bareUrl, requests: recommendations, connections, seconds }),
    );
    rows.push(['express that does nothing', connections, ...toCells(bare), 1, null, null]);
    for (const [name, requests] of routes) {
      signal.throwIfAborted();
      say(`${name}, ${connections} connections`);
      const result = await measureLoad({ url, requests, connections, seconds });
      const ratios = toRatios(result, bare, gorse[`${name} ${connections}`]);
      rows.push([name, connections, ...toCells(result), ...ratios]);
    }
  }
  return rows;
}

/** Rising rates, up to the first that is more than it can answer. */
async function measureRates(
  { options: { seconds }, say, signal }: Context,
  { url, eventsPerSecond }: { url: string; eventsPerSecond: number },
): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for (const [name, requests] of routes) {
    const paths = requests.map(({ path }) => path ?? '');
    for (const rate of RATES) {
      signal.throwIfAborted();
      say(`${name}, ${rate}/s, ${eventsPerSecond} events/s beside them`);
      const result = await measurePaced({ url, paths, rate, connections: RATE_CONNECTIONS, seconds });
      rows.push([name, eventsPerSecond, rate, ...toCells(result)]);
      if (result.perSecond < rate * KEPT_SHARE) break;
    }
  }
  return rows;
}

const toCells = ({ perSecond, p50Ms, p99Ms, errors }: LoadResult): Cell[] => [
  perSecond,
  p50Ms,
  p99Ms,
  errors,
];

const toRatios = (
  result: LoadResult,
  bare: LoadResult,
  other: { perSecond: number; p99Ms: number } | undefined,
): Cell[] => [
  result.perSecond / bare.perSecond,
  other === undefined ? null : result.perSecond / other.perSecond,
  other === undefined ? null : result.p99Ms / other.p99Ms,
];

const openTable = (rows: Cell[][]): Table => ({
  title: `Gateway, as many requests as it answers: ${SHOP.items} items, ${SHOP.users} users, ${SHOP.events} events`,
  head: [
    'route',
    'conn.',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'errors',
    '÷ bare express',
    '÷ gorse, requests/s',
    '× gorse, p99',
  ],
  rows,
  notes: [
    'gorse 0.5.11 over PostgreSQL with the same numbers of items, users and events, on such a machine under load.',
  ],
});

const pacedTable = (rows: Cell[][]): Table => ({
  title: `Gateway at fixed rates, ${RATE_CONNECTIONS} connections`,
  head: ['route', 'events/s coming in', 'requests/s wanted', 'requests/s', 'p50 ms', 'p99 ms', 'errors'],
  rows,
  notes: [
    'Latency counts from when a request was due, whether a connection was free or not; a rate that was not kept is the last.',
  ],
});
