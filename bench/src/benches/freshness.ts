import type { Bench } from '../bench.ts';
import type { Context } from '../context.ts';
import { singleRequests } from '../load/event-requests.ts';
import { withLoad } from '../load/http-load.ts';
import { percentile } from '../load/percentile.ts';
import { findItemsWithNeighbours, findUnmet, timeToChange } from '../load/time-to-change.ts';
import { untilDrained } from '../platform/drain.ts';
import type { Cell } from '../report/table.ts';
import { shopEvents, userId } from '../shop/synthetic-shop.ts';

const SAMPLES = 200;
/** Shoppers who are waited for at a time. */
const LANES = 4;
const RATES = [0, 100];

/** Of somebody with a long history one look changes little; a purchase does. */
const eventOf = { known: 'purchase', new: 'view' } as const;

const shopperOf = (kind: keyof typeof eventOf, sample: number, rate: number): string =>
  kind === 'known' ? userId(sample * 9 + rate) : `new-${rate}-${sample}`;

interface Sampling {
  url: string;
  items: string[];
  eventType: 'view' | 'purchase';
  shopperOf: (sample: number) => string;
}

/** From the 202 to a list that names the event's item as a reason. */
export const freshness: Bench = {
  name: 'freshness',
  about: 'time from 202 to a changed recommendation',
  async run(context) {
    const { platform } = await context.shop();
    const url = platform.url('serving');
    const items = await findItemsWithNeighbours(url, SAMPLES);
    const requests = singleRequests(shopEvents(5_000, { seed: 5, untilMs: Date.now() }));
    const rows: Cell[][] = [];
    for (const rate of RATES) {
      for (const kind of ['known', 'new'] as const) {
        context.say(`${kind} shoppers, ${rate} events/s beside them`);
        const shoppers = {
          eventType: eventOf[kind],
          shopperOf: (sample: number) => shopperOf(kind, sample, rate),
        };
        await untilDrained(platform);
        const load = rate === 0 ? null : { url, requests, connections: 4, rate };
        const times = await withLoad(load, () => sampleTimes(context, { url, items, ...shoppers }));
        rows.push([
          kind,
          eventOf[kind],
          rate,
          times.length,
          ...[50, 90, 99, 100].map((p) => percentile(times, p)),
        ]);
      }
    }
    return [
      {
        title: 'Freshness: from the 202 to the first answer that names its item as a reason, in ms',
        head: ['shoppers', 'event', 'events/s beside', 'samples', 'p50', 'p90', 'p99', 'longest'],
        rows,
        notes: [
          `Goal p50 ≤ 300 ms, p99 ≤ 2,000 ms. Asked every 20 ms, ${LANES} shoppers at a time.`,
          'gorse 0.5.11: new user 46–167 ms, known user no change within 60 s. Snowplow live shopper: 30–60 s.',
        ],
      },
    ];
  },
};

async function sampleTimes(
  { signal }: Context,
  { url, items, eventType, shopperOf }: Sampling,
): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < SAMPLES) {
      signal.throwIfAborted();
      const sample = next++;
      const user = shopperOf(sample);
      const item = await findUnmet(url, { user, items, from: sample });
      times.push(await timeToChange(url, { user, item, eventType }));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return times;
}
