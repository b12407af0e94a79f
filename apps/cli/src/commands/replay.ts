import { Command, InvalidArgumentError, Option } from 'commander';
import { type EventFile, type FileEvent, openEventFile } from '../adapters/event-file.ts';
import { createEventIntake } from '../adapters/event-intake.ts';
import { type Context, integer, webAddress } from '../context.ts';
import { shiftTime, timeOf } from '../domain/event-time.ts';
import { parseNamespace } from '../namespace-option.ts';
import { createProgress } from '../progress.ts';
import { replay } from '../replay.ts';
import { type ReplayReport, toReportText } from '../replay-report.ts';

interface ReplayCommandOptions {
  gateway?: string;
  namespace?: string;
  times: 'original' | 'now';
  rate?: number;
  batch: number;
  concurrency: number;
  limit?: number;
  type?: string;
  map: Record<string, string>;
  allowRefused?: boolean;
  json?: boolean;
}

export function replayCommand(context: Context): Command {
  return new Command('replay')
    .description('Send the events of a file to the gateway, in the order of the file')
    .argument('<file>', 'NDJSON or CSV, gzipped or not')
    .addOption(
      new Option('--times <which>', 'keep the times of the file, or move all so that the last is now')
        .choices(['original', 'now'])
        .default('original'),
    )
    .option('--rate <events>', 'at most so many events a second', integer({ min: 1 }))
    .option('--limit <events>', 'the first events of the file only', integer({ min: 1 }))
    .option('--batch <events>', 'events in one request', integer({ min: 1, max: 1_000 }), 500)
    .option(
      '--concurrency <requests>',
      'requests at a time; order is kept within each session',
      integer({ min: 1, max: 64 }),
      1,
    )
    .option('--namespace <name>', 'tenant of events that name none', parseNamespace)
    .option('--type <type>', 'event type of CSV rows without one')
    .option(
      '--map <column=field>',
      'take a CSV column for a field of the event; may be repeated',
      addMapping,
      {},
    )
    .option(
      '--gateway <url>',
      'base URL of the gateway (default: GATEWAY_URL, http://127.0.0.1:8080)',
      webAddress,
    )
    .option('--allow-refused', 'succeed although some events were refused')
    .option('--json', 'summary as JSON')
    .addHelpText('after', help)
    .action((file: string, options: ReplayCommandOptions) => run(context, file, options));
}

const help = `
Lines of NDJSON are sent as they are. Of CSV, columns are taken by name (ts, price, country_code …; the README has the table), others
become metadata. Rows without an event id get one from their place and content.

While the platform is away a batch is sent again, as it was. A replay that was stopped can be started again: it sends everything again,
and what had arrived within the last 24 hours is dropped as a duplicate by its event id.

Examples:
  shopstream replay events.csv.gz
  shopstream replay events.ndjson --times now --rate 200
  shopstream replay source_rows.csv.gz --type purchase --map InvoiceNo=order_id --allow-refused`;

async function run(
  { terminal, config, finish }: Context,
  path: string,
  options: ReplayCommandOptions,
): Promise<void> {
  const gateway = options.gateway ?? config().GATEWAY_URL;
  const file = await openEventFile(path, { columns: options.map, eventType: options.type });
  const shiftMs = options.times === 'now' ? await shiftToNow(file, options.limit) : 0;
  const progress = createProgress(terminal, file);
  const intake = createEventIntake({
    gateway,
    namespace: options.namespace,
    signal: terminal.signal,
    onTrouble: (reason) => progress.say(`${gateway} does not answer (${reason}); trying again`),
  });
  const startedMs = performance.now();
  try {
    const summary = await replay(shifted(file.read(), shiftMs), intake, {
      ...options,
      signal: terminal.signal,
      wait: terminal.wait,
      onProgress: progress.update,
    });
    progress.stop();
    const seconds = (performance.now() - startedMs) / 1_000;
    const report: ReplayReport = {
      ...summary,
      retried_requests: intake.retries(),
      seconds,
      stopped: terminal.signal.aborted,
    };
    await terminal.print(options.json ? JSON.stringify(report) : toReportText(report));
    finish(!report.stopped && (report.refused === 0 || options.allowRefused === true));
  } finally {
    progress.stop();
    await intake.close();
  }
}

async function* shifted(events: AsyncIterable<FileEvent>, byMs: number): AsyncGenerator<FileEvent> {
  for await (const entry of events) {
    yield byMs === 0 || 'problem' in entry ? entry : { ...entry, event: shiftTime(entry.event, byMs) };
  }
}

async function shiftToNow(file: EventFile, limit = Infinity): Promise<number> {
  let newest = -Infinity;
  let read = 0;
  for await (const entry of file.read()) {
    if (++read > limit) break;
    if ('event' in entry) newest = Math.max(newest, timeOf(entry.event) ?? -Infinity);
  }
  return newest === -Infinity ? 0 : Date.now() - newest;
}

/** Adds `column=field` to the mapping of a CSV file. */
export function addMapping(text: string, previous: Record<string, string>): Record<string, string> {
  const [, column, field] = /^([^=]+)=(\w+)$/.exec(text) ?? [];
  if (column === undefined || field === undefined)
    throw new InvalidArgumentError('It must look like column=field.');
  return { ...previous, [column]: field };
}
