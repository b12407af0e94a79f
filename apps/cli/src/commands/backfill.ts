import type { TopicName } from '@shopstream/contracts';
import type { LogPlace, Streams } from '@shopstream/streams';
import { Command, InvalidArgumentError } from 'commander';
import { removeKeys } from '../adapters/claim-keys.ts';
import { openEventFile } from '../adapters/event-file.ts';
import { createEventIntake } from '../adapters/event-intake.ts';
import { withStreams } from '../adapters/kafka.ts';
import { runToEnd, startLive } from '../adapters/stage-process.ts';
import type { CliConfig } from '../config.ts';
import { type Context, UsageError } from '../context.ts';
import { type StageName, type StagePlan, outputsOf, planStages, stageNames } from '../domain/stage-plan.ts';
import { parseNamespace } from '../namespace-option.ts';
import { findRange, parseLogPlace } from '../place-option.ts';
import { createProgress } from '../progress.ts';
import { replay } from '../replay.ts';
import { findBuild, stageEnvironment } from '../stage-builds.ts';
import { toTable } from '../table.ts';
import { createLike } from '../topics-like.ts';
import type { Terminal } from '../terminal.ts';
import { addMapping } from './replay.ts';

interface BackfillOptions {
  name: string;
  stages: readonly StageName[];
  from?: LogPlace;
  until?: LogPlace;
  remove?: boolean;
  namespace?: string;
  type?: string;
  map: Record<string, string>;
  json?: boolean;
}

export function backfillCommand(context: Context): Command {
  return new Command('backfill')
    .description('Compute rows of the past anew, from a file or a part of a topic, beside the live platform')
    .argument('[file]', 'events as `replay` takes them; without it, what the platform has in its topics')
    .requiredOption('--name <name>', 'its topics get the prefix backfill-<name>.', parseName)
    .option(
      '--from <place>',
      'a time of appending, or offsets as 0:1500,1:1498; else the beginning',
      parseLogPlace,
    )
    .option('--until <place>', 'likewise; else the end as it is now', parseLogPlace)
    .option('--stages <names>', 'separated by commas', parseStages, stageNames)
    .option('--remove', 'remove the topics of the backfill of that name instead')
    .option('--namespace <name>', 'tenant of events of the file that name none', parseNamespace)
    .option('--type <type>', 'event type of CSV rows without one')
    .option('--map <column=field>', 'take a CSV column for a field; may be repeated', addMapping, {})
    .option('--json', 'counts as JSON')
    .addHelpText('after', help)
    .action((file: string | undefined, options: BackfillOptions) => run(context, file, options));
}

const help = `
The builds of the stages (npm run build) run one after another over topics, groups and claims of their own, with the times that events had.
Live topics are only read, live groups are not joined. Every row is final. Products are those of the platform. A window that the ends of
the range cut through counts what lies inside: begin before, end after, and take the windows between.

A backfill from topics that was stopped goes on where it was when it is started again under its name. One from a file has to be removed first.

Examples:
  shopstream backfill --name monday --from 2026-01-05T00:00:00Z --until 2026-01-06T01:00:00Z
  shopstream backfill --name sums --stages sessionizer,popularity
  shopstream backfill history.csv.gz --name history
  KAFKA_TOPIC_PREFIX=backfill-monday. shopstream topic cat user-sessions --from-beginning --until-now
  shopstream backfill --name monday --remove`;

async function run(context: Context, file: string | undefined, options: BackfillOptions): Promise<void> {
  const { terminal, config, finish } = context;
  const live = config();
  const own: CliConfig = {
    ...live,
    KAFKA_TOPIC_PREFIX: `${live.KAFKA_TOPIC_PREFIX}backfill-${options.name}.`,
  };
  await withStreams(own, async (ownStreams) => {
    if (options.remove) {
      const count = await ownStreams.admin.removeAll();
      await removeKeys(live, live.REDIS_KEY_PREFIX + own.KAFKA_TOPIC_PREFIX);
      return terminal.print(`Removed ${count} topics of ${own.KAFKA_TOPIC_PREFIX}`);
    }
    const plan = planOf(options, file);
    await withStreams(live, async (liveStreams) => {
      const made = file === undefined ? plan.topics : [...plan.topics, 'ecom.clickstream.v1' as const];
      const created = await createLike(liveStreams, ownStreams, made);
      const prefix = own.KAFKA_TOPIC_PREFIX;
      if (file === undefined) {
        const range = await findRange(liveStreams, plan.liveInput, options);
        await runStages(context, plan, { prefix, live: range });
      } else {
        if (created.length < made.length)
          throw new UsageError(`${prefix} is there already; --remove it first, or take another name`);
        await fill(context, file, { ...options, prefix });
        await runStages(context, plan, { prefix });
      }
    });
    if (terminal.signal.aborted) return finish(false);
    await terminal.print(await toReport(ownStreams, outputsOf(plan), options.json === true));
  });
}

function planOf({ stages, from, until }: BackfillOptions, file: string | undefined): StagePlan {
  const plan = planStages(stages);
  if (plan === undefined)
    throw new UsageError('a stage between those named is missing: it would have nothing to read');
  if (file === undefined) return plan;
  if (from !== undefined || until !== undefined)
    throw new UsageError('--from and --until are places in a topic; a file is taken whole');
  if (plan.liveInput !== 'ecom.clickstream.v1')
    throw new UsageError('events of a file begin with the stage cleaning');
  return plan;
}

/** Sends the events through a collector of the backfill's own. */
async function fill(
  { terminal, config }: Context,
  path: string,
  { prefix, map, type, namespace }: BackfillOptions & { prefix: string },
): Promise<void> {
  const file = await openEventFile(path, { columns: map, eventType: type });
  const { signal, wait } = terminal;
  const build = { file: findBuild('cleaning'), env: stageEnvironment(config(), { prefix }), signal };
  const collector = await startLive(build);
  const progress = createProgress(terminal, file);
  const intake = createEventIntake({
    gateway: collector.url,
    namespace,
    signal,
    onTrouble: (reason) => progress.say(`the collector does not answer (${reason}); trying again`),
  });
  try {
    const onProgress = progress.update;
    const { accepted, refused } = await replay(file.read(), intake, {
      ...inOneLane,
      signal,
      wait,
      onProgress,
    });
    progress.stop();
    terminal.note(`${accepted} events accepted, ${refused} refused: see the dead letters under ${prefix}`);
  } finally {
    progress.stop();
    await intake.close();
    await collector.stop();
  }
}

/** The order of the file is the order of the topic. */
const inOneLane = { batch: 500, concurrency: 1 };

async function runStages(
  { terminal, config }: Context,
  { steps }: StagePlan,
  { prefix, live }: { prefix: string; live?: { from: string; until: string } },
): Promise<void> {
  for (const { stage, readsLive } of steps) {
    if (terminal.signal.aborted) return;
    const env = stageEnvironment(config(), { prefix, ...(readsLive && live !== undefined && { live }) });
    const startedMs = performance.now();
    await runToEnd({ file: findBuild(stage), env, signal: terminal.signal });
    note(terminal, stage, startedMs);
  }
}

function note(terminal: Terminal, stage: string, startedMs: number): void {
  terminal.note(`${stage}: done in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
}

async function toReport(streams: Streams, names: readonly TopicName[], isJson: boolean): Promise<string> {
  const counts: { topic: TopicName; rows: number }[] = [];
  for (const topic of names) {
    let rows = 0;
    await streams.readLog({ topic, from: 'beginning', until: 'now' }, () => void (rows += 1));
    counts.push({ topic, rows });
  }
  if (isJson) return JSON.stringify(Object.fromEntries(counts.map(({ topic, rows }) => [topic, rows])));
  return toTable(counts, [
    { title: 'topic', value: ({ topic }) => topic },
    { title: 'rows', value: ({ rows }) => rows, align: 'right' },
  ]);
}

function parseName(text: string): string {
  if (/^[a-z0-9-]{1,32}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 32 characters of a-z, 0-9 and hyphen.');
}

function parseStages(text: string): readonly StageName[] {
  return text.split(',').map((name) => {
    const stage = stageNames.find((known) => known === name.trim());
    if (stage === undefined) throw new InvalidArgumentError(`They are ${stageNames.join(', ')}.`);
    return stage;
  });
}
