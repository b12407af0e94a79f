import type { GroupLag } from '@shopstream/streams';
import { Command } from 'commander';
import { withStreams } from '../adapters/kafka.ts';
import { type Context, integer } from '../context.ts';
import { type TopicLag, sumLag } from '../domain/topic-lag.ts';
import { toTable } from '../table.ts';

const BETWEEN_LOOKS_MS = 2_000;

interface LagOptions {
  json?: boolean;
  watch?: boolean;
  partitions?: boolean;
  count?: number;
}

export function lagCommand(context: Context): Command {
  return new Command('lag')
    .description('Show how far each group is behind in each topic')
    .option('--partitions', 'a line for each partition')
    .option('--json', 'one JSON object a line')
    .option('--watch', 'look again every two seconds, until Ctrl-C')
    .option('--count <looks>', 'stop watching after so many looks', integer({ min: 1 }))
    .addHelpText(
      'after',
      `
Committed and end are sums of offsets. At rest a stage may stay a little behind its end: markers of transactions count as offsets and
are never read as rows.

Examples:
  shopstream lag
  shopstream lag --watch
  shopstream lag --json | jq 'select(.lag > 1000)'`,
    )
    .action((options: LagOptions) => run(context, options));
}

async function run({ terminal, config }: Context, options: LagOptions): Promise<void> {
  await withStreams(config(), async ({ admin }) => {
    const looks = options.watch ? (options.count ?? Infinity) : 1;
    for (let look = 1; look <= looks && !terminal.signal.aborted; look += 1) {
      if (look > 1) await terminal.wait(BETWEEN_LOOKS_MS);
      const groups = await admin.lag();
      const lines = options.partitions ? groups.map(toPartitionLine) : sumLag(groups);
      if (options.json) for (const line of lines) await terminal.print(JSON.stringify(line));
      else if (options.watch) await terminal.redraw(draw(lines));
      else await terminal.print(draw(lines));
    }
  });
}

type LagLine = TopicLag & { partition?: number };

function draw(lines: readonly LagLine[]): string {
  if (lines.length === 0) return 'No group has committed anything yet: no stage has run on this cluster.';
  return toTable(lines, [
    { title: 'group', value: (line) => line.group },
    { title: 'topic', value: (line) => line.topic },
    ...(lines[0]?.partition === undefined
      ? []
      : [{ title: 'partition', value: (line: LagLine) => line.partition ?? '', align: 'right' as const }]),
    { title: 'committed', value: (line) => line.committed, align: 'right' },
    { title: 'end', value: (line) => line.end, align: 'right' },
    { title: 'lag', value: (line) => line.lag, align: 'right' },
  ]);
}

function toPartitionLine({ committed, end, lag, ...at }: GroupLag): LagLine {
  return { ...at, committed: Number(committed ?? 0n), end: Number(end), lag: Number(lag) };
}
