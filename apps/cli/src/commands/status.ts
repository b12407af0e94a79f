import type { Streams } from '@shopstream/streams';
import { Command } from 'commander';
import { viewShopper } from '../adapters/gateway.ts';
import { withStreams } from '../adapters/kafka.ts';
import { readMetrics } from '../adapters/services.ts';
import { type Context, integer, webAddress } from '../context.ts';
import type { Look } from '../domain/status-board.ts';
import { sumLag } from '../domain/topic-lag.ts';
import { serviceUrls } from '../service-urls.ts';
import { toStatusText } from '../status-text.ts';

interface StatusOptions {
  watch?: boolean;
  every: number;
  shopper?: string;
  gateway?: string;
}

/** Looks for which one sample shopper stays, so that one can see their recommendations change. */
const LOOKS_PER_SHOPPER = 5;

export function statusCommand(context: Context): Command {
  return new Command('status')
    .description('Show rates, lag, latency and what a shopper sees')
    .option('--watch', 'go on until Ctrl-C')
    .option('--every <seconds>', 'time between two looks', integer({ min: 1, max: 3_600 }), 2)
    .option('--shopper <id>', 'whose events and recommendations to show (default: whoever was here last)')
    .option(
      '--gateway <url>',
      'base URL of the gateway (default: GATEWAY_URL, http://127.0.0.1:8080)',
      webAddress,
    )
    .addHelpText(
      'after',
      `
Rates come from the services' own counters. Event to feature is the time from receipt to features in Redis, of the oldest event of each
batch, as the upper bound of the histogram's bucket. On a screen the view is redrawn, elsewhere one block follows the other.

Examples:
  shopstream status
  shopstream status --watch --every 5 --shopper shopper-0042`,
    )
    .action((options: StatusOptions) => run(context, options));
}

async function run({ terminal, config }: Context, options: StatusOptions): Promise<void> {
  const settings = config();
  const gateway = options.gateway ?? settings.GATEWAY_URL;
  const urls = serviceUrls(settings, gateway);
  await withStreams(settings, async (streams) => {
    const enough = new AbortController();
    const visitor = followVisitors(streams, AbortSignal.any([terminal.signal, enough.signal]));
    try {
      let before = await look(streams, urls);
      let shopper: string | undefined;
      for (let looks = 0; (options.watch || looks === 0) && !terminal.signal.aborted; looks += 1) {
        await terminal.wait(options.every * 1_000);
        const after = await look(streams, urls);
        if (looks % LOOKS_PER_SHOPPER === 0 || shopper === undefined)
          shopper = options.shopper ?? visitor.latest();
        const view =
          shopper === undefined ? undefined : { id: shopper, view: await viewShopper(gateway, shopper) };
        await terminal.redraw(
          toStatusText({
            before,
            after,
            shopper: view,
            urls: { gateway, catalog: urls.catalog, metrics: `${gateway}/metrics` },
          }),
        );
        before = after;
      }
    } finally {
      enough.abort();
      await visitor.ended;
    }
  });
}

async function look(streams: Streams, urls: ReturnType<typeof serviceUrls>): Promise<Look> {
  const [samples, states, groups] = await Promise.all([
    readMetrics(urls),
    streams.admin.describeTopics(),
    streams.admin.lag(),
  ]);
  const offsets = new Map(states.map(({ topic, offsets: count }) => [topic, Number(count)]));
  return { atMs: Date.now(), samples, offsets, lag: sumLag(groups) };
}

/** Knows who did something last. */
function followVisitors(streams: Streams, signal: AbortSignal) {
  let latest: string | undefined;
  const ended = streams
    .readLog({ topic: 'ecom.events-enriched.v1', from: 'end', until: 'forever', signal }, ({ value }) => {
      if (value !== null && !(value instanceof Error)) latest = value.user_identifier ?? latest;
    })
    .catch(() => undefined);
  return { latest: () => latest, ended };
}
