import type { TopicName, TopicValue } from '@shopstream/contracts';
import type { Output, WindowableTopic, WindowedAggregate } from '../types.ts';
import { type ClosedOrOpen, OpenWindows } from './open-windows.ts';
import type { Effects } from './processor.ts';
import type { Horizon } from './watermark.ts';

export interface WindowOptions {
  /** Least time between two rows of one open window. */
  interimMs: number;
  /** After this long without input a live partition's event time follows the wall clock. */
  idleMs: number;
  /** Open windows a partition may hold; one more is an error that stops the stage. */
  maxOpenWindows: number;
}

/** Open windows and when their rows are due: interim ones now and then, the final one when the watermark has passed the end. */
export class WindowRows<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]>,
> {
  readonly windows: OpenWindows<State>;
  readonly #aggregate: WindowedAggregate<In, Out, State, Row>;
  readonly #interimMs: number;
  #emittedAtMs = 0;

  constructor(aggregate: WindowedAggregate<In, Out, State, Row>, options: WindowOptions) {
    this.windows = new OpenWindows({ windowMs: aggregate.windowMs, maxOpen: options.maxOpenWindows });
    this.#aggregate = aggregate;
    this.#interimMs = options.interimMs;
  }

  /** Interim rows wait for the tick after a first change, so that a window closed by its own batch has only its final row. */
  beginBatch(nowMs: number): void {
    if (!this.windows.hasUnemitted) this.#emittedAtMs = nowMs;
  }

  isDue(horizon: Horizon, nowMs: number): boolean {
    return this.#isInterimDue(nowMs) || this.windows.mayClose(horizon);
  }

  /** Adds the rows that are due and what has changed since the last call to the effects. */
  emit(effects: Effects, horizon: Horizon, nowMs: number): void {
    for (const closed of this.windows.close(horizon, effects)) effects.outputs.push(this.#row(closed, true));
    if (this.#isInterimDue(nowMs)) {
      for (const open of this.windows.takeUnemitted()) effects.outputs.push(this.#row(open, false));
      this.#emittedAtMs = nowMs;
    }
    this.windows.persist(effects);
  }

  #isInterimDue(nowMs: number): boolean {
    return this.windows.hasUnemitted && nowMs - this.#emittedAtMs >= this.#interimMs;
  }

  #row({ group, window, state, revision }: ClosedOrOpen<State>, isFinal: boolean): Output {
    const value = this.#aggregate.toRow(group, window, { state, revision, isFinal });
    return { topic: this.#aggregate.output, value } as Output;
  }
}
