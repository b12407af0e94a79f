import type { TopicName } from '@shopstream/contracts';
import {
  type DataTest,
  type Verdict,
  evaluate,
  measure,
  toTests,
  topicsToRead,
} from '@shopstream/data-tests';
import type { Streams } from '@shopstream/streams';
import { Command } from 'commander';
import { withStreams } from '../adapters/kafka.ts';
import { type Context, UsageError, integer } from '../context.ts';
import { toTopicName } from '../domain/topic-name.ts';
import { toTable } from '../table.ts';

const READ_TIMEOUT_MS = 30_000;

interface RunOptions {
  topics?: string;
  window: number;
  rows?: number;
  json?: boolean;
}

type Result = { test: string; topic: TopicName } & Verdict;

export function qualityCommand(context: Context): Command {
  return new Command('quality').description('Test what the topics promise').addCommand(runCommand(context));
}

function runCommand(context: Context): Command {
  return new Command('run')
    .description('Run all data tests once, over recent rows')
    .option(
      '--topics <names>',
      'tests of these topics only, separated by commas, also in short: events-clean',
    )
    .option('--window <minutes>', 'rows of the last minutes', integer({ min: 1, max: 10_080 }), 10)
    .option(
      '--rows <count>',
      'most rows of a topic, the newest; as declared by default',
      integer({ min: 1, max: 1_000_000 }),
    )
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
The same tests as the quality service runs all the time; that need not run for it. Levels: pass, warn, error; unknown where there was
nothing to judge by, such as no rows in the window. The exit code is 1 when a test is at error.

Examples:
  shopstream quality run
  shopstream quality run --topics events-clean,user-sessions --window 60 --rows 100000
  shopstream quality run --json | jq 'select(.level == "error")'`,
    )
    .action((options: RunOptions) => run(context, options));
}

async function run({ terminal, config, finish }: Context, options: RunOptions): Promise<void> {
  const tests = selectTests(options);
  const results = await withStreams(config(), (streams) => runTests(streams, tests, options.window));
  if (options.json) for (const result of results) await terminal.print(JSON.stringify(toLine(result)));
  else await terminal.print(toText(results));
  finish(results.every(({ outcome }) => outcome !== 'error'));
}

function selectTests({ topics, rows }: RunOptions): DataTest[] {
  const names = topics?.split(',').map((name) => {
    const topic = toTopicName(name.trim());
    if (topic === undefined)
      throw new UsageError(`there is no topic ${name.trim()}; \`shopstream topics\` lists them`);
    if (toTests(undefined, [topic]).length === 0) throw new UsageError(`no test is declared of ${topic}`);
    return topic;
  });
  return toTests(undefined, names).map((test) => (rows === undefined ? test : { ...test, sampleSize: rows }));
}

async function runTests(
  streams: Streams,
  tests: readonly DataTest[],
  windowMinutes: number,
): Promise<Result[]> {
  const missing = new Set(
    (await streams.admin.describeTopics()).filter(({ exists }) => !exists).map(({ topic }) => topic),
  );
  const wanted = [...topicsToRead(tests), ...tests.map(({ topic }) => topic)].find((topic) =>
    missing.has(topic),
  );
  if (wanted !== undefined)
    throw new UsageError(`${wanted} does not exist; \`shopstream doctor\` says what to do`);
  const reader = streams.createSpotReader({ topics: topicsToRead(tests) });
  await reader.start();
  try {
    const nowMs = Date.now();
    const sources = { admin: streams.admin, reader, readTimeoutMs: READ_TIMEOUT_MS };
    const sinceMs = nowMs - windowMinutes * 60_000;
    const measured = await measure(tests, sources, { nowMs, sinceMs, progress: new Map() });
    return tests.map((test) => ({ test: test.id, topic: test.topic, ...evaluate(test, measured) }));
  } finally {
    await reader.stop();
  }
}

const toLine = ({ test, topic, outcome, value, detail, rowsChecked }: Result) => ({
  test,
  topic,
  level: outcome,
  value,
  detail,
  rows_checked: rowsChecked,
});

function toText(results: readonly Result[]): string {
  const table = toTable(results, [
    { title: 'level', value: ({ outcome }) => outcome },
    { title: 'test', value: ({ test }) => test },
    { title: 'topic', value: ({ topic }) => topic },
    { title: 'found', value: ({ detail }) => detail },
  ]);
  const countOf = (level: Verdict['outcome']) => results.filter(({ outcome }) => outcome === level).length;
  const counts = (['error', 'warn', 'pass', 'unknown'] as const).map((level) => `${countOf(level)} ${level}`);
  return `${table}\n\n${counts.join(', ')}`;
}
