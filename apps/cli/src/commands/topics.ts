import { type TopicName, topics } from '@shopstream/contracts';
import type { TopicStatus } from '@shopstream/streams';
import { Command } from 'commander';
import { withStreams } from '../adapters/kafka.ts';
import type { Context } from '../context.ts';
import { stateOf } from '../domain/topic-state.ts';
import { toTable } from '../table.ts';

interface TopicLine {
  topic: TopicName;
  partitions: number;
  declared_partitions: number;
  rows: number;
  key: string;
  retention: string;
  owner: string;
  internal: boolean;
  state: string;
}

export function topicsCommand({ terminal, config, finish }: Context): Command {
  return new Command('topics')
    .description('List every topic of the platform with its rows, and what is missing')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Rows are offsets between beginning and end: in topics written in transactions each commit adds one marker.
Fails when a topic is missing or has other partitions than declared.

Examples:
  shopstream topics
  shopstream topics --json | jq 'select(.state != "ok")'`,
    )
    .action(async ({ json = false }: { json?: boolean }) => {
      const states = await withStreams(config(), ({ admin }) => admin.describeTopics());
      const lines = states.map(toLine);
      if (json) for (const line of lines) await terminal.print(JSON.stringify(line));
      else await terminal.print(draw(lines));
      finish(lines.every(({ state }) => state === 'ok'));
    });
}

function draw(lines: readonly TopicLine[]): string {
  return toTable(lines, [
    { title: 'topic', value: (line) => line.topic },
    { title: 'partitions', value: (line) => line.partitions, align: 'right' },
    { title: 'rows', value: (line) => line.rows, align: 'right' },
    { title: 'key', value: (line) => line.key },
    { title: 'kept', value: (line) => line.retention },
    { title: 'owner', value: (line) => line.owner },
    { title: 'state', value: (line) => line.state },
  ]);
}

function toLine(status: TopicStatus): TopicLine {
  const { owner, keyedBy, cleanup, retentionMs, internal } = topics[status.topic];
  return {
    topic: status.topic,
    partitions: status.partitions,
    declared_partitions: status.declaredPartitions,
    rows: Number(status.offsets),
    key: keyedBy,
    retention: cleanup === 'compact' ? 'newest of each key' : `${retentionMs / 86_400_000} days`,
    owner,
    internal,
    state: stateOf(status),
  };
}
