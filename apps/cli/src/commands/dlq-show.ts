import type { Streams } from '@shopstream/streams';
import { Command } from 'commander';
import { decodeRow } from '../adapters/decode-row.ts';
import { readDeadLetters } from '../adapters/dead-letter-log.ts';
import { withStreams } from '../adapters/kafka.ts';
import type { Context } from '../context.ts';
import { type LetterState, placeOf } from '../domain/dead-letters/dead-letter.ts';
import type { Letter } from '../domain/dead-letters/dead-letter.ts';
import { type Original, readOriginal } from '../domain/dead-letters/original.ts';
import { toJsonRow } from '../domain/json-row.ts';
import { parsePlaceArgument } from './dlq-filter.ts';

const HEX_BYTES_A_LINE = 32;

export function dlqShowCommand(context: Context): Command {
  return new Command('show')
    .description('Show one dead letter with its original, decoded')
    .argument('<dead-letter>', 'PARTITION:OFFSET in ecom.dead-letter.v1', parsePlaceArgument)
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
The original of the collector is the text that was sent; of a topic its row, read by the schema that it was written with. Bytes that are
neither are shown in hexadecimal digits.

Examples:
  shopstream dlq show 3:17
  shopstream dlq show 3:17 --json | jq .original`,
    )
    .action((place: string, options: { json?: boolean }) => run(context, place, options));
}

async function run(
  { terminal, config, finish }: Context,
  place: string,
  options: { json?: boolean },
): Promise<void> {
  await withStreams(config(), async (streams: Streams) => {
    const index = await readDeadLetters(streams, { places: new Set([place]) }, terminal.signal);
    const [letter] = index.letters();
    if (letter === undefined) {
      terminal.note(`shopstream: there is no dead letter at ${place}`);
      return finish(false);
    }
    const original = await readOriginal(letter.row, decodeRow(streams));
    const shown = toShown(letter, index.stateOf(letter), original);
    await terminal.print(options.json ? JSON.stringify(shown) : toText(shown));
  });
}

function toShown(letter: Letter, state: LetterState, original: Original) {
  const {
    value: _value,
    key,
    ...row
  } = toJsonRow('ecom.dead-letter.v1', letter.row) as Record<string, unknown>;
  return {
    dead_letter: placeOf(letter),
    state,
    ...row,
    key: key === null ? null : letter.row.key?.toString(),
    original,
  };
}

function toText({ original, ...columns }: ReturnType<typeof toShown>): string {
  const lines = Object.entries(columns).flatMap(([name, value]) =>
    value === null ? [] : [`${name.padEnd(17)} ${String(value)}`],
  );
  return [...lines, '', originalText(original)].join('\n');
}

function originalText(original: Original): string {
  switch (original.kind) {
    case 'row':
      return JSON.stringify(original.row, null, 2);
    case 'text':
      return original.text;
    case 'hex':
      return [original.problem ?? 'binary', ...hexLines(original.hex)].join('\n');
    case 'none':
      return 'It has no bytes.';
  }
}

const hexLines = (hex: string): string[] => hex.match(new RegExp(`.{1,${2 * HEX_BYTES_A_LINE}}`, 'g')) ?? [];
