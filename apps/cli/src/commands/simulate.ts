import { Command } from 'commander';
import { createEventIntake } from '../adapters/event-intake.ts';
import { readProducts } from '../adapters/product-file.ts';
import { demoCatalogue } from '../config.ts';
import { type Context, integer, UsageError, webAddress } from '../context.ts';
import { crowd, MEAN_GAP_MS } from '../domain/shop/crowd.ts';
import { createShop } from '../domain/shop/products.ts';
import { parseNamespace } from '../namespace-option.ts';
import { toReportText } from '../replay-report.ts';
import { simulate } from '../simulate.ts';

interface SimulateOptions {
  seed: number;
  rate: number;
  shoppers: number;
  duration?: number;
  catalog?: string;
  namespace?: string;
  gateway?: string;
  json?: boolean;
}

export function simulateCommand(context: Context): Command {
  return new Command('simulate')
    .description('Let simulated shoppers visit the demo shop, now and through the gateway')
    .option('--seed <number>', 'decides everything the shoppers do', integer({ min: 0, max: 2 ** 31 - 1 }), 1)
    .option('--rate <events>', 'events a second', integer({ min: 1, max: 100_000 }), 20)
    .option(
      '--shoppers <number>',
      'how many different people there are',
      integer({ min: 2, max: 100_000 }),
      300,
    )
    .option('--duration <seconds>', 'stop after so long; endless otherwise', integer({ min: 1 }))
    .option('--catalog <file>', 'CSV of the products they look at (default: the demo shop)')
    .option('--namespace <name>', 'tenant of the events', parseNamespace)
    .option(
      '--gateway <url>',
      'base URL of the gateway (default: GATEWAY_URL, http://127.0.0.1:8080)',
      webAddress,
    )
    .option('--json', 'summary as JSON')
    .addHelpText(
      'after',
      `
Each shopper has tastes, a device, a country and perhaps an account (shopper-0001 …), comes back, searches, looks, fills a cart, and buys
or leaves. The same seed gives the same journeys in the same order; event and session ids are new in each run.

Examples:
  shopstream simulate
  shopstream simulate --seed 7 --rate 200 --duration 60`,
    )
    .action((options: SimulateOptions) => run(context, options));
}

async function run({ terminal, config, finish }: Context, options: SimulateOptions): Promise<void> {
  const { seed, rate, shoppers } = options;
  const products = await readProducts(options.catalog ?? demoCatalogue);
  if (products.length === 0) throw new UsageError('the catalogue has no product with id, name and price');
  const gateway = options.gateway ?? config().GATEWAY_URL;
  const intake = createEventIntake({
    gateway,
    namespace: options.namespace,
    signal: terminal.signal,
    onTrouble: (reason) => terminal.note(`${gateway} does not answer (${reason}); trying again`),
  });
  const visitors = Math.max(1, Math.min(Math.round((rate * MEAN_GAP_MS) / 1_000), shoppers - 1));
  const run = `v${Date.now().toString(36)}`;
  const startedMs = performance.now();
  try {
    const summary = await simulate(
      crowd({ seed, shop: createShop(products), shoppers, visitors, run }),
      intake,
      {
        rate,
        durationMs: options.duration === undefined ? undefined : options.duration * 1_000,
        signal: terminal.signal,
        wait: terminal.wait,
      },
    );
    const seconds = (performance.now() - startedMs) / 1_000;
    const report = { ...summary, retried_requests: intake.retries(), seconds, stopped: false };
    await terminal.print(options.json ? JSON.stringify(report) : toReportText(report));
    finish(summary.refused === 0);
  } finally {
    await intake.close();
  }
}
