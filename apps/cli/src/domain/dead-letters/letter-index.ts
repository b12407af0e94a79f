// What the whole topic says: which dead letters are still open, and who else gave up on the same record.
import type { DeadLetter, TopicName } from '@shopstream/contracts';
import { type Fate, isNote, type Letter, type LetterState, placeOf, sourceOf } from './dead-letter.ts';

/** Which dead letters are meant; what is left out is not asked for. Times are those of the failure, epoch milliseconds. */
export interface LetterFilter {
  stage?: string | undefined;
  reason?: string | undefined;
  field?: string | undefined;
  namespace?: string | undefined;
  topic?: TopicName | undefined;
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
  places?: ReadonlySet<string> | undefined;
}

export interface LetterIndex {
  add(letter: Letter): void;
  /** Those that the filter takes, in the order of their failures. */
  letters(): Letter[];
  stateOf(letter: Letter): LetterState;
  /** The stages that gave up on the record of a dead letter. */
  givenUpBy(row: DeadLetter): ReadonlySet<string>;
}

export function createLetterIndex(filter: LetterFilter): LetterIndex {
  const found: Letter[] = [];
  const fates = new Map<string, Fate>();
  const stages = new Map<string, Set<string>>();
  return {
    add(letter) {
      const { row } = letter;
      const source = sourceOf(row);
      if (isNote(row)) {
        fates.set(`${row.source_partition ?? 0}:${row.source_offset ?? 0}`, row.reason as Fate);
        return;
      }
      if (source !== undefined) stages.set(source, (stages.get(source) ?? new Set()).add(row.stage));
      if (matches(letter, filter)) found.push(letter);
    },
    letters: () => found.sort((a, b) => a.row.failed_at - b.row.failed_at || compare(a, b)),
    stateOf: (letter) => fates.get(placeOf(letter)) ?? 'open',
    givenUpBy: (row) => stages.get(sourceOf(row) ?? '') ?? new Set(),
  };
}

const compare = (a: Letter, b: Letter): number => a.partition - b.partition || Number(a.offset - b.offset);

function matches(letter: Letter, filter: LetterFilter): boolean {
  const { row } = letter;
  const wanted = [
    [filter.stage, row.stage],
    [filter.reason, row.reason],
    [filter.field, row.field],
    [filter.namespace, row.namespace],
    [filter.topic, row.source_topic],
  ] as const;
  return (
    wanted.every(([value, actual]) => value === undefined || value === actual) &&
    row.failed_at >= (filter.sinceMs ?? -Infinity) &&
    row.failed_at < (filter.untilMs ?? Infinity) &&
    (filter.places?.has(placeOf(letter)) ?? true)
  );
}

export interface LetterGroup {
  stage: string;
  reason: string;
  field: string | null;
  count: number;
  open: number;
  first: number;
  last: number;
}

/** Counts by stage, reason and field, the most frequent first. */
export function groupLetters(
  letters: readonly Letter[],
  stateOf: (letter: Letter) => LetterState,
): LetterGroup[] {
  const groups = new Map<string, LetterGroup>();
  for (const letter of letters) {
    const { stage, reason, field, failed_at: at } = letter.row;
    const key = JSON.stringify([stage, reason, field]);
    const group = groups.get(key) ?? { stage, reason, field, count: 0, open: 0, first: at, last: at };
    group.count += 1;
    if (stateOf(letter) === 'open') group.open += 1;
    group.first = Math.min(group.first, at);
    group.last = Math.max(group.last, at);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
