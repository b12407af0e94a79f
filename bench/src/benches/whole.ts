import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from '../bench.ts';
import type { Context } from '../context.ts';
import { drainedAt } from '../platform/drain.ts';
import type { Cell } from '../report/table.ts';

interface DataSet {
  folder: string;
  about: string;
  events: number;
}

const dataSets: readonly DataSet[] = [
  { folder: 'rees46_2019_10_01', about: 'multi-category store (REES46)', events: 17_429 },
  { folder: 'eshop_clothing_2008', about: 'clothing shop (UCI 553)', events: 100_000 },
];
/** Requests in flight. */
const CONCURRENCY = 4;

/** Real events through the gateway until every consumer group has read everything. */
export const whole: Bench = {
  name: 'whole',
  about: 'real events from `shopstream replay` to drained everywhere',
  async run(context) {
    const present = dataSets.filter(({ folder }) => existsSync(path.join(context.options.dataDir, folder)));
    if (present.length === 0) {
      context.say(`no data in ${context.options.dataDir}`);
      return [];
    }
    const rows: Cell[][] = [];
    for (const dataSet of present) rows.push(await replay(context, dataSet));
    return [
      {
        title: 'The whole: replay over HTTP, all services running',
        head: [
          'data',
          'events',
          'accepted after s',
          'drained after s',
          'events/s accepted',
          'events/s drained',
        ],
        rows,
        notes: [
          'Drained: cleaning, enrichment, sessionizer, popularity, interactions and features have read everything.',
        ],
      },
    ];
  },
};

async function replay(context: Context, { folder, about, events }: DataSet): Promise<Cell[]> {
  const platform = await context.createPlatform();
  await platform.startAll();
  const file = (name: string): string => path.join(context.options.dataDir, folder, `${name}.csv.gz`);
  await platform.shopstream('catalog', 'import', file('catalog')).catch(() => undefined);
  context.say(about);
  const options = ['--limit', String(events), '--concurrency', String(CONCURRENCY), '--allow-refused'];
  const { sentSeconds, drainedSeconds } = await drainedAt(platform, () =>
    platform.shopstream('replay', file('events'), ...options),
  );
  await platform.remove();
  return [about, events, sentSeconds, drainedSeconds, events / sentSeconds, events / drainedSeconds];
}
