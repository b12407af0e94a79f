import { Command } from 'commander';
import { withStreams } from '../adapters/kafka.ts';
import { get } from '../adapters/services.ts';
import { balanceByCounts, balanceByRows } from '../balance.ts';
import type { CliConfig } from '../config.ts';
import { type Context } from '../context.ts';
import { type BalanceLine, isOff } from '../domain/balance/balance-line.ts';
import { type CollectorCounts, toCollectorCounts } from '../domain/balance/collector-lines.ts';
import { parseSamples } from '../domain/metric-samples.ts';
import { serviceUrls } from '../service-urls.ts';
import { toTable } from '../table.ts';

interface BalanceOptions {
  recount?: boolean;
  byNamespace?: boolean;
  collector: boolean;
  json?: boolean;
}

export function balanceCommand(context: Context): Command {
  return new Command('balance')
    .description('Compare what every stage received with all that became of it')
    .option('--recount', 'count the rows of all topics, too: reads them all')
    .option('--by-namespace', 'recounted lines for each tenant as well')
    .option('--no-collector', "leave out the collector's own counts: where there are several collectors")
    .option('--json', 'one JSON object a line')
    .addHelpText('after', help)
    .action((options: BalanceOptions) => run(context, options));
}

const help = `
Stages count what they read and write in the transaction that writes it. Lines that begin with "rows" are counted from rows alone. Off by
more than zero: so many are missing. Below zero: so many are too much. What is waiting has no outcome yet, or has one already.

Exit code 1 when a line is off. docs/runbooks/the-balance-is-off.md says what to do then.

Examples:
  shopstream balance
  shopstream balance --recount --by-namespace
  shopstream balance --json | jq 'select(.off_by != 0)'`;

async function run({ terminal, config, finish }: Context, options: BalanceOptions): Promise<void> {
  const settings = config();
  const lines = await withStreams(settings, (streams) => {
    const deps = {
      streams,
      prefix: settings.KAFKA_TOPIC_PREFIX,
      askCollector: async () => (options.collector ? askCollector(settings) : undefined),
      wait: terminal.wait,
      signal: terminal.signal,
    };
    return options.recount
      ? balanceByRows(deps, { byNamespace: options.byNamespace ?? false })
      : balanceByCounts(deps);
  });
  if (options.json) for (const line of lines) await terminal.print(JSON.stringify(line));
  else await terminal.print(draw(lines));
  finish(!lines.some(isOff) && !terminal.signal.aborted);
}

async function askCollector(settings: CliConfig): Promise<CollectorCounts | undefined> {
  const answer = await get(`${serviceUrls(settings).ingestion}/metrics`).catch(() => undefined);
  return answer === undefined ? undefined : toCollectorCounts(parseSamples(answer.text));
}

function draw(lines: readonly BalanceLine[]): string {
  const table = toTable(lines, [
    { title: 'what', value: ({ line, namespace }) => (namespace === null ? line : `${line} (${namespace})`) },
    { title: 'received', value: ({ received }) => received, align: 'right' },
    { title: 'outcomes', value: ({ outcomes }) => outcomesText(outcomes) },
    { title: 'waiting', value: ({ waiting }) => waiting, align: 'right' },
    { title: 'off by', value: ({ off_by: offBy }) => offBy ?? '?', align: 'right' },
    { title: '', value: ({ note }) => note ?? '' },
  ]);
  const off = lines.filter(isOff).length;
  return `${table}\n\n${off === 0 ? 'Everything is accounted for.' : `${off} of ${lines.length} lines are off.`}`;
}

const outcomesText = (outcomes: BalanceLine['outcomes']): string =>
  Object.entries(outcomes)
    .map(([name, count]) => `${count.toLocaleString('en')} ${name}`)
    .join(' + ');
