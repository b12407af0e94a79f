import type autocannon from 'autocannon';
import type { Bench } from '../bench.ts';
import { batchRequests } from '../load/event-requests.ts';
import { type LoadResult, measureLoad, withLoad } from '../load/http-load.ts';
import { withBareServer } from '../reference/with-bare-server.ts';
import type { Cell, Table } from '../report/table.ts';
import { SHOP, itemId, shopEvents, userId } from '../shop/synthetic-shop.ts';

const CONNECTIONS = [1, 10, 50];
const RATES = [100, 500, 1_000, 1_500, 2_000];
const RATE_CONNECTIONS = 10;
const EVENTS_PER_SECOND = 1_000;
const BATCH = 50;

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
    const { say, signal, options } = context;
    const url = platform.url('serving');
    const measure = (requests: autocannon.Request[], connections: number, rate?: number) => {
      signal.throwIfAborted();
      say(`${requests[0]?.path ?? ''}, ${connections} connections${rate === undefined ? '' : `, ${rate}/s`}`);
      const load = { url, requests, connections, seconds: options.seconds };
      return measureLoad(rate === undefined ? load : { ...load, rate });
    };
    const open: Cell[][] = [];
    for (const connections of CONNECTIONS) {
      const bare = await withBareServer((bareUrl) =>
        measureLoad({ url: bareUrl, requests: recommendations, connections, seconds: options.seconds }),
      );
      open.push(['express that does nothing', connections, ...toCells(bare), 1, null, null]);
      for (const [name, requests] of routes) {
        const result = await measure(requests, connections);
        open.push([
          name,
          connections,
          ...toCells(result),
          ...toRatios(result, bare, gorse[`${name} ${connections}`]),
        ]);
      }
    }
    const paced: Cell[][] = [];
    const background = {
      url,
      requests: batchRequests(shopEvents(5_000, { seed: 4, untilMs: Date.now() }), BATCH),
      connections: 2,
      rate: EVENTS_PER_SECOND / BATCH,
    };
    for (const load of [null, background]) {
      for (const [name, requests] of routes) {
        for (const rate of RATES) {
          const result = await withLoad(load, () => measure(requests, RATE_CONNECTIONS, rate));
          paced.push([name, load === null ? 0 : EVENTS_PER_SECOND, rate, ...toCells(result)]);
        }
      }
    }
    return [openTable(open), pacedTable(paced)];
  },
};

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
  notes: ['Latency is corrected for requests that could not be sent when they were due.'],
});
