import { type DeadLetter, REDRIVE_STAGE } from '@shopstream/contracts';

/** A dead letter where it lies. */
export interface Letter {
  partition: number;
  offset: bigint;
  row: DeadLetter;
}

/** How people name a dead letter: `PARTITION:OFFSET` in ecom.dead-letter.v1. */
export const placeOf = ({ partition, offset }: Pick<Letter, 'partition' | 'offset'>): string =>
  `${partition}:${offset}`;

/** Undefined for what is no place. */
export function parsePlace(text: string): { partition: number; offset: bigint } | undefined {
  const [, partition, offset] = /^(\d{1,9}):(\d{1,18})$/.exec(text) ?? [];
  if (partition === undefined || offset === undefined) return undefined;
  return { partition: Number(partition), offset: BigInt(offset) };
}

/** The record that was given up, by its coordinates; undefined for what came over HTTP. */
export const sourceOf = ({ source_topic: topic, source_partition, source_offset }: DeadLetter) =>
  topic === null ? undefined : `${topic}:${source_partition ?? 0}:${source_offset ?? 0}`;

/** What became of a dead letter that was sent again. */
export type Fate = 'redriven' | 'refused_again';
export type LetterState = 'open' | Fate;

/** The row that says so; it names the dead letter as its source. */
export function toNote(
  letter: Letter,
  outcome: { fate: Fate; target: string; eventId: string | null; atMs: number },
): DeadLetter {
  return {
    stage: REDRIVE_STAGE,
    reason: outcome.fate,
    field: null,
    message: `sent again to ${outcome.target}`,
    namespace: letter.row.namespace,
    event_id: outcome.eventId,
    source_topic: 'ecom.dead-letter.v1',
    source_partition: letter.partition,
    source_offset: Number(letter.offset),
    key: null,
    value: null,
    failed_at: outcome.atMs,
  };
}

export const isNote = ({ stage }: DeadLetter): boolean => stage === REDRIVE_STAGE;
