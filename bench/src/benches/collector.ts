import type { Bench } from '../bench.ts';
import type { Context } from '../context.ts';
import { batchRequests, singleRequests } from '../load/event-requests.ts';
import { measureLoad } from '../load/http-load.ts';
import { withBareServer } from '../reference/with-bare-server.ts';
import type { Cell, Table } from '../report/table.ts';
import { shopEvents } from '../shop/synthetic-shop.ts';

const BATCH = 100;
/** Published by RudderStack for collecting on two cores, with its database on another machine. */
const RUDDERSTACK_PER_SECOND = 1_700;

interface Case {
  what: string;
  eventsPerRequest: number;
  connections: number;
}

const cases: readonly Case[] = [1, BATCH].flatMap((eventsPerRequest) =>
  [10, 50].map((connections) => ({
    what: eventsPerRequest === 1 ? 'single' : `batches of ${eventsPerRequest}`,
    eventsPerRequest,
    connections,
  })),
);

/** Events a second that are acknowledged by Kafka; beside it a server that does nothing with the same requests. */
export const collector: Bench = {
  name: 'collector',
  about: 'events a second over HTTP, each acknowledged by Kafka',
  async run(context) {
    const platform = await context.createPlatform();
    const bare = await withBareServer((url) => measureAll(context, url));
    await platform.start('ingestion', 'serving');
    const direct = await measureAll(context, platform.url('ingestion'));
    const gateway = await measureAll(context, platform.url('serving'));
    await platform.remove();
    return [toTable({ bare, direct, gateway })];
  },
};

interface Measured {
  events: number;
  p50Ms: number;
  p99Ms: number;
  errors: number;
}

async function measureAll({ options, say, signal }: Context, url: string): Promise<Measured[]> {
  const events = shopEvents(20_000, { seed: 2, untilMs: Date.now() });
  const measured: Measured[] = [];
  for (const { what, eventsPerRequest, connections } of cases) {
    signal.throwIfAborted();
    say(`${what}, ${connections} connections at ${url}`);
    const requests =
      eventsPerRequest === 1 ? singleRequests(events) : batchRequests(events, eventsPerRequest);
    const result = await measureLoad({ url, requests, connections, seconds: options.seconds });
    measured.push({ ...result, events: result.perSecond * eventsPerRequest });
  }
  return measured;
}

function toTable(measured: Record<'bare' | 'direct' | 'gateway', Measured[]>): Table {
  const labels = { bare: 'express that does nothing', direct: 'ingestion', gateway: 'gateway → ingestion' };
  const rows = cases.flatMap(({ what, connections, eventsPerRequest }, index) =>
    (['bare', 'direct', 'gateway'] as const).map((where): Cell[] => {
      const { events, p50Ms, p99Ms, errors } = measured[where][index] as Measured;
      const ofBare = events / (measured.bare[index] as Measured).events;
      const ofPublished = eventsPerRequest === 1 && where !== 'bare' ? events / RUDDERSTACK_PER_SECOND : null;
      return [what, connections, labels[where], events, p50Ms, p99Ms, errors, ofBare, ofPublished];
    }),
  );
  return {
    title: 'Collector: a 202 means that Kafka has the event',
    head: ['events', 'conn.', 'at', 'events/s', 'p50 ms', 'p99 ms', 'errors', '÷ bare express', '÷ 1,700/s'],
    rows,
    notes: [
      'Cleaning runs in the same process as the collector; load generator, Kafka and all else on the same cores.',
      `1,700 requests/s is what RudderStack publishes for two cores, its database being on another machine.`,
    ],
  };
}
