import type { Streams } from '@shopstream/streams';
import {
  createLetterIndex,
  type LetterFilter,
  type LetterIndex,
} from '../domain/dead-letters/letter-index.ts';

/** A dead letter is appended after its failure; the clocks of both may differ by less than this. */
const CLOCK_SLACK_MS = 3_600_000;

/** Reads the topic up to its end, from where the filter's time lies in it. */
export async function readDeadLetters(
  { readLog }: Streams,
  filter: LetterFilter,
  signal: AbortSignal,
): Promise<LetterIndex> {
  const index = createLetterIndex(filter);
  const from = filter.sinceMs === undefined ? 'beginning' : { timeMs: filter.sinceMs - CLOCK_SLACK_MS };
  await readLog(
    { topic: 'ecom.dead-letter.v1', from, until: 'now', signal: AbortSignal.any([signal]) },
    ({ partition, offset, value }) => {
      if (value !== null && !(value instanceof Error)) index.add({ partition, offset, row: value });
    },
  );
  return index;
}
