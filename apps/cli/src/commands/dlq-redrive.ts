import type { Streams } from '@shopstream/streams';
import { Command, InvalidArgumentError } from 'commander';
import { decodeRow } from '../adapters/decode-row.ts';
import { readDeadLetters } from '../adapters/dead-letter-log.ts';
import { editByCommand, editByHand } from '../adapters/editor.ts';
import { withStreams } from '../adapters/kafka.ts';
import { type Context, UsageError, webAddress } from '../context.ts';
import { placeOf } from '../domain/dead-letters/dead-letter.ts';
import {
  applyEdits,
  assign,
  type Assignment,
  parseAssignment,
  toEditLine,
} from '../domain/dead-letters/edit.ts';
import { type LeftOut, planRedrive, type RedriveItem } from '../domain/dead-letters/redrive-plan.ts';
import type { ReadyItem, RedriveReport } from '../redrive.ts';
import { redriveThrough } from '../redrive-through.ts';
import { addFilterOptions, type FilterOptions, parsePlaceArgument, toFilter } from './dlq-filter.ts';

interface RedriveOptions extends FilterOptions {
  set: Assignment[];
  edit?: boolean;
  editWith?: string;
  all?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  gateway?: string;
}

export function dlqRedriveCommand(context: Context): Command {
  return addFilterOptions(new Command('redrive'))
    .description('Send dead letters again, mended or as they are')
    .argument('[dead-letters...]', 'PARTITION:OFFSET in ecom.dead-letter.v1', collectPlaces)
    .option('--all', 'all that are open, where nothing else says which')
    .option(
      '--set <field=value>',
      'give a field another value: JSON or text; null takes it out; may be repeated',
      collectAssignments,
      [],
    )
    .option('--edit', 'open what is sent in $EDITOR')
    .option('--edit-with <command>', 'pass what is sent through a command')
    .option('--dry-run', 'print what would be sent, and send nothing')
    .option('--yes', 'do not ask')
    .option(
      '--gateway <url>',
      'base URL of the gateway (default: GATEWAY_URL, http://127.0.0.1:8080)',
      webAddress,
    )
    .option('--json', 'report as JSON')
    .addHelpText('after', help)
    .action((places: string[], options: RedriveOptions) => run(context, places, options));
}

const help = `
What the collector refused goes to the collector again, with its tenant, its id and the time that counted when it was refused. Records of
clickstream go back to clickstream. Both are dropped as duplicates when they had arrived within 24 hours already. Records of other topics go
back only if every reader of the topic gave up on them; the others would count them twice.

A dead letter that was sent again is noted in the topic and left out from then on; one that is refused again makes a new dead letter.
Edited are lines {"dead_letter", "stage", …, "record"}, of which only "record" is read back; what is taken out is not sent.

Examples:
  shopstream dlq redrive 3:17 --set unit_price=9.90
  shopstream dlq redrive --reason unknown_event_type --set eventType=custom --dry-run
  shopstream dlq redrive --field ts --since 24h --edit
  shopstream dlq redrive --stage cleaning --edit-with "jq -c '.record.session_id = .record.user_id'" --yes`;

async function run(context: Context, places: string[], options: RedriveOptions): Promise<void> {
  const { terminal, config, finish } = context;
  const settings = config();
  const isMeant = places.length > 0 || options.all || selects(options);
  if (!isMeant) throw new UsageError('say which dead letters: by place, by filters, or --all');
  if (!options.yes && !options.dryRun && !terminal.canAsk)
    throw new UsageError('nobody is there to be asked: --yes sends without asking');
  await withStreams(settings, async (streams) => {
    const { items, leftOut, handled } = await plan(context, streams, { places, options });
    const edited = await edit(items, options, settings.EDITOR);
    const ready = edited.filter((item): item is ReadyItem => item.record !== null && item.problem === null);
    const left = [...leftOut, ...edited.filter((item) => !ready.includes(item as ReadyItem)).map(toLeftOut)];
    if (options.dryRun) {
      for (const item of ready) await terminal.print(toEditLine(item));
      for (const { dead_letter, reason } of left)
        terminal.note(`${dead_letter} would be left out: ${reason}`);
      return finish(left.length === 0);
    }
    if (ready.length > 0 && !options.yes && !(await terminal.confirm(`Send ${ready.length} again?`)))
      return finish(false);
    const gateway = options.gateway ?? settings.GATEWAY_URL;
    const report = await redriveThrough(streams, { items: ready, gateway, terminal });
    report.left_out.unshift(...left);
    await terminal.print(options.json ? JSON.stringify({ ...report, handled }) : toText(report, handled));
    finish(report.left_out.length === 0 && report.refused_again.length === 0 && !terminal.signal.aborted);
  });
}

const selects = ({ stage, reason, field, namespace, topic, since, until }: RedriveOptions): boolean =>
  [stage, reason, field, namespace, topic, since, until].some((value) => value !== undefined);

/** The open ones of those that are meant, the oldest first, and how many were sent again before. */
async function plan(
  { terminal }: Context,
  streams: Streams,
  { places, options }: { places: string[]; options: RedriveOptions },
): Promise<{ items: RedriveItem[]; leftOut: LeftOut[]; handled: number }> {
  const index = await readDeadLetters(streams, toFilter(options, places), terminal.signal);
  const letters = index.letters();
  const missing = places.filter((place) => !letters.some((letter) => placeOf(letter) === place));
  if (missing.length > 0) throw new UsageError(`there is no such dead letter: ${missing.join(', ')}`);
  const open = letters.filter((letter) => index.stateOf(letter) === 'open');
  const wanted = open.slice(0, options.limit);
  const planned = await planRedrive(wanted, { givenUpBy: index.givenUpBy, decode: decodeRow(streams) });
  return { ...planned, handled: letters.length - open.length };
}

async function edit(items: RedriveItem[], options: RedriveOptions, editor: string): Promise<RedriveItem[]> {
  const set = items.map((item) =>
    item.record === null ? item : { ...item, record: assign(item.record, options.set) },
  );
  if (set.length === 0 || (!options.edit && options.editWith === undefined)) return set;
  const text = `${set.map(toEditLine).join('\n')}\n`;
  const edited =
    options.editWith === undefined
      ? await editByHand(text, editor)
      : await editByCommand(text, options.editWith);
  try {
    return applyEdits(set, edited);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}: nothing was sent`);
  }
}

const toLeftOut = ({ letters: [letter], problem }: RedriveItem): LeftOut => ({
  dead_letter: placeOf(letter),
  reason: problem ?? 'it has no record',
});

function toText({ redriven, refused_again, left_out }: RedriveReport, handled: number): string {
  const lines = [
    `${redriven.length} sent again, ${refused_again.length} refused again, ${left_out.length} left out`,
    ...refused_again.map(
      ({ dead_letter, field, reason }) => `  ${dead_letter} refused: ${field ?? ''} ${reason ?? ''}`,
    ),
    ...left_out.map(({ dead_letter, reason }) => `  ${dead_letter} left out: ${reason}`),
  ];
  if (handled > 0) lines.push(`${handled} had been sent again before`);
  return lines.join('\n');
}

const collectPlaces = (text: string, previous: string[] = []): string[] => [
  ...previous,
  parsePlaceArgument(text),
];

function collectAssignments(text: string, previous: Assignment[]): Assignment[] {
  const assignment = parseAssignment(text);
  if (assignment === undefined) throw new InvalidArgumentError('It must look like field=value.');
  return [...previous, assignment];
}
