import { randomUUID } from 'node:crypto';
import type { TopicName } from '@shopstream/contracts';
import type { LogPlace, Streams } from '@shopstream/streams';
import { Argument, Command } from 'commander';
import { removeKeys } from '../adapters/claim-keys.ts';
import { withStreams } from '../adapters/kafka.ts';
import { runToEnd } from '../adapters/stage-process.ts';
import type { CliConfig } from '../config.ts';
import { type Context, integer } from '../context.ts';
import { toJsonRow } from '../domain/json-row.ts';
import {
  type Columns,
  type Comparison,
  type KeyedRow,
  compareRows,
  keepRow,
  rowKeyOf,
} from '../domain/row-comparison.ts';
import { type StageName, type StagePlan, outputsOf, planStages, stageNames } from '../domain/stage-plan.ts';
import { findRange, parseLogPlace } from '../place-option.ts';
import { findBuild, stageEnvironment } from '../stage-builds.ts';
import { toTable } from '../table.ts';
import { createLike } from '../topics-like.ts';

interface ShadowOptions {
  build: string;
  from?: LogPlace;
  until?: LogPlace;
  examples: number;
  keep?: boolean;
  json?: boolean;
}

type Result = { topic: TopicName } & Comparison;

export function shadowCommand(context: Context): Command {
  return new Command('shadow')
    .description("Compare the rows of today's and another build of a stage over the same input")
    .addArgument(new Argument('<stage>', 'whose builds').choices(stageNames))
    .requiredOption(
      '--build <folder>',
      'the other build: a checkout that was built, an app of it, or its dist',
    )
    .option(
      '--from <place>',
      'a time of appending, or offsets as 0:1500,1:1498; else the beginning',
      parseLogPlace,
    )
    .option('--until <place>', 'likewise; else the end as it is now', parseLogPlace)
    .option('--examples <rows>', 'differences to show of each topic', integer({ min: 0 }), 10)
    .option('--keep', 'leave the topics of both builds where they are')
    .option('--json', 'the result as JSON')
    .addHelpText('after', help)
    .action((stage: StageName, options: ShadowOptions) => run(context, stage, options));
}

const help = `
Both builds run bounded over the same offsets of the live input, each with topics, groups and claims of its own, which are removed afterwards.
Rows are compared by key: of user-sessions and product-popularity the last one of each, elsewhere each event's. The columns revision
and failed_at belong to a run and are left out. Live topics are only read. All rows of the range are held in memory.

The exit code is 0 when all rows are equal, 1 when they are not.

Examples:
  shopstream shadow sessionizer --from 24h --build ../next
  shopstream shadow cleaning --from 0:1500,1:1498 --until 2026-01-06T00:00:00Z --build ../next/apps/ingestion --json`;

async function run(context: Context, stage: StageName, options: ShadowOptions): Promise<void> {
  const { terminal, config, finish } = context;
  const live = config();
  const builds = { today: findBuild(stage), other: findBuild(stage, options.build) };
  const id = randomUUID().slice(0, 8);
  const at = (which: string): CliConfig => ({
    ...live,
    KAFKA_TOPIC_PREFIX: `${live.KAFKA_TOPIC_PREFIX}shadow-${id}-${which}.`,
  });
  const plan = planStages([stage]) as StagePlan;
  await withStreams(live, (liveStreams) =>
    withStreams(at('today'), (today) =>
      withStreams(at('other'), async (other) => {
        try {
          const range = await findRange(liveStreams, plan.liveInput, options);
          const { signal } = terminal;
          const runBuild = async (streams: Streams, which: 'today' | 'other'): Promise<void> => {
            await createLike(liveStreams, streams, plan.topics);
            const env = stageEnvironment(live, { prefix: at(which).KAFKA_TOPIC_PREFIX, live: range });
            await runToEnd({ file: builds[which], env, signal });
          };
          // At the same time: what else they read, such as products, is then the same.
          await settleAll([runBuild(today, 'today'), runBuild(other, 'other')]);
          const results = await compare({ today, other }, outputsOf(plan), options.examples);
          await terminal.print(options.json ? JSON.stringify(results) : toText(results));
          finish(results.every(({ missing, extra, different }) => missing + extra + different === 0));
        } finally {
          if (options.keep) terminal.note(`Kept: topics of shadow-${id}-today. and shadow-${id}-other.`);
          else await removeAll([today, other], live, `${live.KAFKA_TOPIC_PREFIX}shadow-${id}-`);
        }
      }),
    ),
  );
}

async function removeAll(builds: readonly Streams[], live: CliConfig, prefix: string): Promise<void> {
  await Promise.all(builds.map(({ admin }) => admin.removeAll()));
  await removeKeys(live, live.REDIS_KEY_PREFIX + prefix);
}

/** Waits for all, so that nothing runs on when one fails. */
async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work))
    if (outcome.status === 'rejected') throw outcome.reason;
}

async function compare(
  { today, other }: { today: Streams; other: Streams },
  names: readonly TopicName[],
  maxExamples: number,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const topic of names) {
    const [before, after] = [await rowsOf(today, topic), await rowsOf(other, topic)];
    results.push({ topic, ...compareRows(before, after, maxExamples) });
  }
  return results;
}

async function rowsOf(streams: Streams, topic: TopicName): Promise<Map<string, KeyedRow>> {
  const rows = new Map<string, KeyedRow>();
  await streams.readLog({ topic, from: 'beginning', until: 'now' }, ({ key, value }) => {
    if (value === null) return;
    // A build may write what this one cannot read: that is a difference, too.
    const columns = value instanceof Error ? { error: value.message } : (toJsonRow(topic, value) as Columns);
    const text = key?.toString() ?? '';
    keepRow(rows, value instanceof Error ? `unreadable ${text}` : rowKeyOf(topic, text, columns), columns);
  });
  return rows;
}

function toText(results: readonly Result[]): string {
  const table = toTable(results, [
    { title: 'topic', value: ({ topic }) => topic },
    { title: 'today', value: ({ today }) => today, align: 'right' },
    { title: 'other', value: ({ other }) => other, align: 'right' },
    { title: 'equal', value: ({ equal }) => equal, align: 'right' },
    { title: 'missing', value: ({ missing }) => missing, align: 'right' },
    { title: 'extra', value: ({ extra }) => extra, align: 'right' },
    { title: 'different', value: ({ different }) => different, align: 'right' },
  ]);
  const examples = results.flatMap(({ topic, examples: found }) =>
    found.map(({ kind, key, columns = {} }) => {
      const changes = Object.entries(columns).map(
        ([name, { today, other }]) => `${name}: ${JSON.stringify(today)} → ${JSON.stringify(other)}`,
      );
      return `${topic}  ${kind}  ${key}${changes.length > 0 ? `\n    ${changes.join('\n    ')}` : ''}`;
    }),
  );
  return [table, ...examples].join('\n');
}
