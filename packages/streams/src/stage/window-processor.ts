import type { TopicName, TopicValue } from '@shopstream/contracts';
import type { StreamRecord, WindowInput, WindowableTopic, WindowedAggregate } from '../types.ts';
import { toLateRow } from './late.ts';
import { type Effects, type Processor, NO_GROUP, countSkip, noEffects } from './processor.ts';
import {
  END_OF_INPUT_MS,
  Watermark,
  type WatermarkState,
  horizonAt,
  isClosed,
  windowOf,
} from './watermark.ts';
import { type WindowOptions, WindowRows } from './window-rows.ts';

/**
 * A windowed aggregate over one input partition. Which rows are final, and what they hold, is a function of the partition's log:
 * batches, restarts and the time at which they happen change only how many interim rows there are.
 */
export class WindowProcessor<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]>,
> implements Processor<In> {
  readonly #aggregate: WindowedAggregate<In, Out, State, Row>;
  readonly #idleMs: number;
  readonly #rows: WindowRows<In, Out, State, Row>;
  readonly #watermark: Watermark;

  constructor(aggregate: WindowedAggregate<In, Out, State, Row>, options: WindowOptions) {
    this.#aggregate = aggregate;
    this.#idleMs = options.idleMs;
    this.#rows = new WindowRows(aggregate, options);
    this.#watermark = new Watermark(aggregate.outOfOrdernessMs);
  }

  restore(entries: ReadonlyMap<string, string>, checkpoint: string | null): void {
    this.#rows.windows.restore(entries);
    const saved = checkpoint === null ? null : (JSON.parse(checkpoint) as { watermark: WatermarkState });
    this.#watermark.restore(saved?.watermark ?? null);
  }

  process(records: readonly StreamRecord<In>[], nowMs: number): Effects {
    const effects = noEffects();
    this.#rows.beginBatch(nowMs);
    for (const record of records) this.#add(record, effects);
    this.#rows.emit(effects, horizonAt(this.#watermark.valueMs), nowMs);
    return effects;
  }

  tick(nowMs: number, idleMs: number | null): Effects | null {
    const isIdle = idleMs !== null && idleMs >= this.#idleMs;
    const watermarkMs = isIdle ? this.#watermark.idleValueMs(nowMs) : this.#watermark.valueMs;
    if (!this.#rows.isDue(horizonAt(watermarkMs), nowMs)) return null;
    this.#watermark.advanceTo(watermarkMs);
    const effects = noEffects();
    this.#rows.emit(effects, horizonAt(watermarkMs), nowMs);
    return effects;
  }

  finish(): Effects {
    const effects = noEffects();
    this.#watermark.advanceTo(END_OF_INPUT_MS);
    this.#rows.emit(effects, horizonAt(END_OF_INPUT_MS), 0);
    return effects;
  }

  checkpoint(): string {
    return JSON.stringify({ watermark: this.#watermark.toJSON() });
  }

  watermarkMs(): number | null {
    return this.#watermark.isSet ? this.#watermark.valueMs : null;
  }

  #add(record: StreamRecord<In>, effects: Effects): void {
    const row = record.value as unknown as Row & WindowInput;
    const group = this.#aggregate.groupBy(row);
    if (group === null) countSkip(effects, NO_GROUP);
    else {
      const window = windowOf(row.timestamp, this.#aggregate.windowMs);
      if (isClosed(window, horizonAt(this.#watermark.valueMs))) {
        const { name: stage } = this.#aggregate;
        const watermarkMs = this.#watermark.valueMs;
        effects.outputs.push(
          toLateRow(row, { stage, reason: 'window_closed', window, watermarkMs, source: record }),
        );
      } else {
        this.#rows.windows.update(group, window, {
          revision: Number(record.offset),
          init: this.#aggregate.init,
          apply: (state) => this.#aggregate.add(state, row),
        });
      }
    }
    this.#watermark.observe(row.timestamp, record.timestamp);
  }
}
