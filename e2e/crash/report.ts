import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repositoryRoot } from '@shopstream/infra';
import type { Kill } from './chaos.ts';
import { type TopicTally, countUp } from './tally.ts';

/** A table that reads well in a terminal and in a document. */
export function toTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)));
  const isNumber = (column: number): boolean => rows.every((row) => typeof row[column] === 'number');
  const toLine = (cells: readonly string[]): string => {
    const padded = cells.map((cell, i) =>
      isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, i) => (isNumber(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [toLine(lines[0] ?? []), toLine(rule), ...lines.slice(1).map(toLine)].join('\n');
}

export function tallyTable(tallies: readonly TopicTally[]): string {
  const head = ['topic', 'of', 'expected', 'found', 'missing', 'doubled', 'wrong'];
  const rows = tallies.map((t) => [
    `\`${t.topic}\``,
    t.unit,
    ...[t.expected, t.found, t.missing, t.doubled, t.wrong],
  ]);
  return toTable(head, rows);
}

export function killTable(kills: readonly Kill[]): string {
  const kinds = [...new Set(kills.map(({ what }) => what))].sort();
  const rows = kinds.map((kind) => {
    const all = kills.filter(({ what }) => what === kind);
    const open = all.filter(({ inTransaction }) => inTransaction).length;
    return [kind, all.length, all[0]?.inTransaction === null ? '' : String(open)];
  });
  return toTable(['killed with -9', 'times', 'in the middle of a transaction'], rows);
}

/** The first deviations of each topic. */
export function examples(tallies: readonly TopicTally[]): string {
  return tallies
    .flatMap(({ topic, examples: found }) => found.map((example) => `- \`${topic}\` ${example}`))
    .join('\n');
}

/** Why processes ended that nobody had killed. */
export function endingTable(endings: readonly string[]): string {
  if (endings.length === 0) return '';
  const counts = new Map<string, number>();
  for (const ending of endings) countUp(counts, `${ending.split(' ')[0] ?? ''}: ${reasonOf(ending)}`);
  return toTable(['ended by itself', 'times'], [...counts].sort());
}

/** The message of the last fatal line, without what differs from one time to the next. */
function reasonOf(output: string): string {
  const fatal =
    output.split('\n').findLast((line) => line.includes('"level":60')) ?? output.split('\n').at(-1) ?? '';
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(fatal)?.[1] ?? fatal;
  return message.replace(/\d+/g, 'N').replaceAll('|', '/').slice(0, 160);
}

/** Prints a report and leaves it with the results of the benchmarks. */
export async function writeReport(file: string, parts: readonly string[]): Promise<void> {
  const text = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  await writeResult(file, text);
  console.log(`\n${text}`);
}

export async function writeResult(file: string, text: string): Promise<void> {
  const folder = path.join(repositoryRoot, 'bench', 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, file), text);
}
