import type { SentEvents } from './client.ts';
import { compareEvents } from './compare-events.ts';
import { compareWindows } from './compare-windows.ts';
import type { Pipeline } from './pipeline.ts';
import type { TopicTally } from './tally.ts';

/** The default of the stages' OUT_OF_ORDERNESS_MS. */
const DISORDER_MS = 30_000;

export interface Comparison {
  tallies: TopicTally[];
  /** Rows of clickstream beyond the first of their event. */
  sentAgain: number;
}

/** Every topic of the main flow against what a batch job over the sent events computes. */
export async function compareTopics(pipeline: Pipeline, sent: SentEvents): Promise<Comparison> {
  const { tallies, sentAgain, enriched } = await compareEvents(pipeline, sent);
  return { tallies: [...tallies, ...(await compareWindows(pipeline, enriched, DISORDER_MS))], sentAgain };
}
