import type { TopicName } from '@shopstream/contracts';
import type { Effects } from './processor.ts';

/** What became of the records of one input partition since the first ever; part of the state, and so exact. */
export interface Tally {
  /** Undecodable ones included. */
  recordsIn: number;
  undecodable: number;
  rowsOut: Partial<Record<TopicName, number>>;
  /** Records that ended in the stage, by reason. */
  skipped: Record<string, number>;
}

export const emptyTally = (): Tally => ({ recordsIn: 0, undecodable: 0, rowsOut: {}, skipped: {} });

export interface Read {
  records: number;
  undecodable: number;
}

export function addToTally(tally: Tally, { outputs, skipped }: Effects, read: Read): void {
  tally.recordsIn += read.records + read.undecodable;
  tally.undecodable += read.undecodable;
  for (const { topic } of outputs) tally.rowsOut[topic] = (tally.rowsOut[topic] ?? 0) + 1;
  for (const [reason, count] of Object.entries(skipped)) {
    tally.skipped[reason] = (tally.skipped[reason] ?? 0) + count;
  }
}
