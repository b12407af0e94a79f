import { Command } from 'commander';
import { readDeadLetters } from '../adapters/dead-letter-log.ts';
import { withStreams } from '../adapters/kafka.ts';
import type { Context } from '../context.ts';
import { type Letter, type LetterState, placeOf } from '../domain/dead-letters/dead-letter.ts';
import { groupLetters, type LetterGroup } from '../domain/dead-letters/letter-index.ts';
import { toTable } from '../table.ts';
import { addFilterOptions, type FilterOptions, toFilter } from './dlq-filter.ts';

interface ListOptions extends FilterOptions {
  summary?: boolean;
  open?: boolean;
}

const DEFAULT_LIMIT = 50;

export function dlqListCommand(context: Context): Command {
  return addFilterOptions(new Command('list'))
    .description('List dead letters, the newest first')
    .option('--open', 'those only that were not sent again')
    .option('--summary', 'counts by stage, reason and field')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Without --limit the newest ${DEFAULT_LIMIT}. State: open, redriven (sent again and accepted), refused_again (sent again, and a dead letter once more).

Examples:
  shopstream dlq list --summary
  shopstream dlq list --stage collector --field unit_price --since 24h
  shopstream dlq list --open --json | jq -r .dead_letter`,
    )
    .action((options: ListOptions) => run(context, options));
}

async function run({ terminal, config }: Context, options: ListOptions): Promise<void> {
  const index = await withStreams(config(), (streams) =>
    readDeadLetters(streams, toFilter(options), terminal.signal),
  );
  const letters = index
    .letters()
    .filter((letter) => !options.open || index.stateOf(letter) === 'open')
    .reverse();
  if (options.summary) {
    const groups = groupLetters(letters, index.stateOf).slice(0, options.limit);
    await print(groups.map(toGroupLine), drawGroups(groups));
    return;
  }
  const lines = letters
    .slice(0, options.limit ?? DEFAULT_LIMIT)
    .map((letter) => toLine(letter, index.stateOf(letter)));
  await print(lines, draw(lines, letters.length));

  async function print(rows: readonly object[], text: string): Promise<void> {
    if (!options.json) return terminal.print(text);
    for (const row of rows) await terminal.print(JSON.stringify(row));
  }
}

function toLine(letter: Letter, state: LetterState) {
  const { row } = letter;
  const source =
    row.source_topic === null
      ? null
      : `${row.source_topic} ${row.source_partition ?? ''}:${row.source_offset ?? ''}`;
  const { stage, reason, field, message, namespace, event_id } = row;
  const failed_at = new Date(row.failed_at).toISOString();
  return {
    dead_letter: placeOf(letter),
    failed_at,
    stage,
    reason,
    field,
    message,
    namespace,
    event_id,
    source,
    state,
  };
}

type Line = ReturnType<typeof toLine>;

function draw(lines: readonly Line[], total: number): string {
  if (lines.length === 0) return 'There is no such dead letter.';
  const table = toTable(lines, [
    { title: 'dead letter', value: (line) => line.dead_letter },
    { title: 'failed at', value: (line) => line.failed_at },
    { title: 'stage', value: (line) => line.stage },
    { title: 'reason', value: (line) => line.reason },
    { title: 'field', value: (line) => line.field ?? '' },
    { title: 'event', value: (line) => line.event_id ?? '' },
    { title: 'state', value: (line) => line.state },
    { title: 'message', value: (line) => line.message },
  ]);
  return total > lines.length
    ? `${table}\n… and ${(total - lines.length).toLocaleString('en')} older ones (--limit)`
    : table;
}

function toGroupLine({ first, last, ...group }: LetterGroup) {
  return { ...group, first: new Date(first).toISOString(), last: new Date(last).toISOString() };
}

function drawGroups(groups: readonly LetterGroup[]): string {
  if (groups.length === 0) return 'There is no such dead letter.';
  return toTable(groups.map(toGroupLine), [
    { title: 'stage', value: (group) => group.stage },
    { title: 'reason', value: (group) => group.reason },
    { title: 'field', value: (group) => group.field ?? '' },
    { title: 'count', value: (group) => group.count, align: 'right' },
    { title: 'open', value: (group) => group.open, align: 'right' },
    { title: 'first', value: (group) => group.first },
    { title: 'last', value: (group) => group.last },
  ]);
}
