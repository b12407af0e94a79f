import { type TopicName, consumerGroups, topicNames, topics } from '@shopstream/contracts';
import type { Streams } from '@shopstream/streams';
import { Command } from 'commander';
import { withStreams } from '../adapters/kafka.ts';
import { type Context, integer } from '../context.ts';
import { type FlowCounts, createFlowCounter } from '../domain/flow-counts.ts';
import { type Position, behindOf, isSettled } from '../domain/standing.ts';
import { toTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** Longer than the second between two interim rows of a window: with no growth in between, none is due. */
const BETWEEN_LOOKS_MS = 1_500;
const LOOKS_BETWEEN_NOTES = 4;

interface SettleOptions {
  timeout: number;
  json?: boolean;
}

export function settleCommand(context: Context): Command {
  return new Command('settle')
    .description('Wait until every stage has read everything, then count what became of the events')
    .option('--timeout <seconds>', 'give up after so long', integer({ min: 1 }), 3_600)
    .option('--json', 'counts as JSON')
    .addHelpText(
      'after',
      `
Counts are of all rows in the topics. What was dropped is listed by who dropped it and why; its rows are in the topics dead-letter and
late, duplicates are the only ones not kept. The exit code is 1 when not everything was read in time.

Examples:
  shopstream settle
  shopstream settle --timeout 600 --json`,
    )
    .action((options: SettleOptions) => run(context, options));
}

async function run({ terminal, config, finish }: Context, options: SettleOptions): Promise<void> {
  const settings = config();
  await withStreams(settings, async (streams) => {
    const { KAFKA_TOPIC_PREFIX: prefix } = settings;
    const hasSettled = await untilSettled(streams, terminal, { prefix, timeoutSeconds: options.timeout });
    if (terminal.signal.aborted) return finish(false);
    const counts = await countFlow(streams);
    await terminal.print(options.json ? JSON.stringify({ settled: hasSettled, ...counts }) : toText(counts));
    finish(hasSettled);
  });
}

async function untilSettled(
  streams: Streams,
  terminal: Terminal,
  { prefix, timeoutSeconds }: { prefix: string; timeoutSeconds: number },
): Promise<boolean> {
  const deadline = Date.now() + timeoutSeconds * 1_000;
  let before: Position[] | null = null;
  for (let look = 1; Date.now() < deadline && !terminal.signal.aborted; look += 1) {
    const now = await positions(streams, prefix);
    if (isSettled(before, now)) return true;
    before = now;
    if (look % LOOKS_BETWEEN_NOTES === 0) terminal.note(toNote(now));
    await terminal.wait(BETWEEN_LOOKS_MS);
  }
  if (!terminal.signal.aborted)
    terminal.note(`Not drained after ${timeoutSeconds} s. ${toNote(before ?? [])}`);
  return false;
}

/** Where each group stands in each partition of its topics, whether it has committed yet or not. */
async function positions({ admin }: Streams, prefix: string): Promise<Position[]> {
  const committed = new Map(
    (await admin.lag()).map((row) => [`${row.group} ${row.topic} ${row.partition}`, row.committed]),
  );
  const inputs = Object.entries(consumerGroups).flatMap(([group, names]) =>
    names.map((topic: TopicName) => ({ group, topic })),
  );
  const found = inputs.map(async ({ group, topic }) =>
    [...(await admin.endOffsets(topic))].map(([partition, { low, high }]) => {
      const at = committed.get(`${prefix}${group} ${topic} ${partition}`) ?? null;
      return { group, topic, partition, committed: at, low, high };
    }),
  );
  return (await Promise.all(found)).flat();
}

function toNote(now: readonly Position[]): string {
  const byGroup = new Map<string, bigint>();
  for (const position of now) {
    const behind = behindOf(position);
    if (behind > 0n) byGroup.set(position.group, (byGroup.get(position.group) ?? 0n) + behind);
  }
  if (byGroup.size === 0) return 'Everything is read; waiting for the last rows.';
  return `Still to be read: ${[...byGroup].map(([group, behind]) => `${group} ${behind}`).join(', ')}`;
}

async function countFlow(streams: Streams): Promise<FlowCounts> {
  const counter = createFlowCounter();
  const read = (topic: TopicName, look: (row: unknown) => void): Promise<void> =>
    streams.readLog({ topic, from: 'beginning', until: 'now' }, ({ value }) => {
      if (value === null) return;
      counter.count(topic);
      if (!(value instanceof Error)) look(value);
    });
  for (const topic of topicNames.filter((name) => !topics[name].internal)) {
    if (topic === 'ecom.dead-letter.v1') await read(topic, (row) => counter.deadLetter(row as never));
    else if (topic === 'ecom.late.v1') await read(topic, (row) => counter.late(row as never));
    else await read(topic, () => undefined);
  }
  return counter.result();
}

function toText({ topics: rows, drops }: FlowCounts): string {
  const counts = topicNames
    .filter((name) => !topics[name].internal)
    .map((topic) => ({ topic, rows: rows[topic] ?? 0 }));
  const table = toTable(counts, [
    { title: 'topic', value: ({ topic }) => topic },
    { title: 'rows', value: ({ rows: count }) => count, align: 'right' },
  ]);
  const dropped =
    drops.length === 0
      ? 'Nothing was dropped.'
      : toTable(drops, [
          { title: 'dropped by', value: ({ where }) => where },
          { title: 'reason', value: ({ reason }) => reason },
          { title: 'events', value: ({ count }) => count, align: 'right' },
        ]);
  return `${table}\n\n${dropped}\n\n${whereToLook}`;
}

const whereToLook = `Where to look:
  npx shopstream topic cat dead-letter --from-beginning --until-now     what was given up, with reason and bytes
  npx shopstream topic cat late --from-beginning --until-now            what came after its window had closed
  npx shopstream topic cat user-sessions --from-beginning --until-now   rows of any topic
  npx shopstream status                                                 rates, lag, a shopper's recommendations`;
