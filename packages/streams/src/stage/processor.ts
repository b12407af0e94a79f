import type { TopicName } from '@shopstream/contracts';
import type { Output, StreamRecord } from '../types.ts';

/** What a batch or a tick makes visible, all of it in one transaction. */
export interface Effects {
  outputs: Output[];
  /** Windows to be written to the changelog, by key; null deletes. */
  windows: Map<string, { revision: number; state: string } | null>;
  /** How many records ended here, by reason. */
  skipped: Record<string, number>;
}

export const noEffects = (): Effects => ({ outputs: [], windows: new Map(), skipped: {} });

/** Of records that take no part in an aggregate. */
export const NO_GROUP = 'no_group';

export function countSkip({ skipped }: Effects, reason: string): void {
  skipped[reason] = (skipped[reason] ?? 0) + 1;
}

/** The part of a stage that knows its state: one for each owned partition, driven by the kernel, never concurrently. */
export interface Processor<In extends TopicName> {
  /** Takes back what an earlier owner wrote to the changelog. `checkpoint` is null when there was none. */
  restore(windows: ReadonlyMap<string, string>, checkpoint: string | null): void;
  process(records: readonly StreamRecord<In>[], nowMs: number): Promise<Effects> | Effects;
  /** What time alone brings about; null when nothing is due. `idleMs` is null while there is input to be read. */
  tick(nowMs: number, idleMs: number | null): Effects | null;
  /** What the end of the input brings about: everything that is open is closed. Called once, after the last batch. */
  finish(): Effects;
  /** Whether the input has said that nothing comes any more; without it, that is for the caller to know. */
  isComplete?(): boolean;
  /** What is kept beside the position, as JSON. */
  checkpoint(): string;
  watermarkMs(): number | null;
}
