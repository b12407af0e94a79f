import { parseArgs } from 'node:util';
import type { ChaosOptions, Kill } from './chaos.ts';
import { type CrashRunReport, runCrashes } from './crash-run.ts';
import { pauseOwners } from './paused-owners.ts';
import type { Pipeline } from './pipeline.ts';
import { createRandom } from '../random.ts';
import { endingTable, examples, killTable, tallyTable, writeReport } from './report.ts';
import type { CrashServer } from './servers.ts';
import { deviationsOf } from './tally.ts';
import { buildWithoutTransactions } from './without-transactions.ts';

const usage = `npm run test:crash -- [options]

Kills services, the broker, Redis and the registry with -9 while events are replayed, then compares every topic with what a batch job
over the acknowledged events computes. The exit code is 1 when a row is missing, doubled or wrong.

  --kills N                how many kills (default 100)
  --seed S                 of the kinds and moments (default 1)
  --rate R                 events per second (default 300)
  --minutes M              no kill after so long (default 60)
  --without-transactions   stages that do not commit rows and position together; the exit code is 1 when nothing was found wrong
`;

/** Of every 100 kills: 10 of the broker, 8 of Redis, 7 of the registry. */
const SERVER_SHARES: Record<CrashServer, number> = { kafka: 0.1, redis: 0.08, registry: 0.07 };

function readOptions() {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      rate: { type: 'string', default: '300' },
      minutes: { type: 'string', default: '60' },
      'without-transactions': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

function toChaos({ kills, seed, minutes }: ReturnType<typeof readOptions>): ChaosOptions {
  const servers = Object.entries(SERVER_SHARES).flatMap(([name, share]) =>
    Array.from({ length: Math.max(1, Math.round(Number(kills) * share)) }, () => name as CrashServer),
  );
  return {
    seed: Number(seed),
    services: Math.max(0, Number(kills) - servers.length),
    servers: createRandom(Number(seed)).shuffled(servers),
    serverPauseMs: [12_000, 35_000],
    scalePauseMs: [20_000, 45_000],
    deadlineMs: Date.now() + Number(minutes) * 60_000,
    onKill: logKill,
  };
}

function logKill({ what, inTransaction }: Kill): void {
  const where = inTransaction === true ? ', in the middle of a transaction' : '';
  console.log(`${new Date().toISOString()} kill -9 ${what}${where}`);
}

function toParts(report: CrashRunReport, seed: string): string[] {
  const { kills, sent, scalings, seconds, sentAgain, endings, tallies } = report;
  const summary =
    `${kills.length} kills in ${seconds} s (seed ${seed}): ${sent.acknowledged.size} events acknowledged, ${sent.retries} requests ` +
    `sent again, ${sentAgain} rows twice in clickstream; ${scalings} times to three instances and back; ` +
    `${endings.length} processes ended by themselves and were started again.`;
  return [summary, killTable(kills), tallyTable(tallies), examples(tallies), endingTable(endings)];
}

/** There is no transaction to aim at; owners that hang and come back are what nothing fences. */
async function withoutTransactions(chaos: ChaosOptions) {
  return {
    builds: await buildWithoutTransactions(),
    before: (pipeline: Pipeline) => pauseOwners(pipeline, {}),
    chaos: { ...chaos, workTimeoutMs: 3_000 },
  };
}

async function run(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const isMutated = options['without-transactions'];
  const report = await runCrashes({
    partitions: 6,
    rate: Number(options.rate),
    ...(isMutated ? await withoutTransactions(toChaos(options)) : { chaos: toChaos(options) }),
    onStep: (step) => console.log(`${new Date().toISOString()} ${step}`),
  });
  await writeReport(isMutated ? 'crash-without-transactions.md' : 'crash.md', toParts(report, options.seed));
  const deviations = deviationsOf(report.tallies);
  console.log(deviations === 0 ? 'Nothing is missing, doubled or wrong.' : `${deviations} deviations.`);
  return (deviations === 0) === isMutated ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
process.exit(await run());
