import type { StagePartial, TopicName, TopicValue } from '@shopstream/contracts';
import type {
  Group,
  PartialsTopic,
  StreamRecord,
  TwoStepAggregate,
  Window,
  WindowableTopic,
} from '../types.ts';
import { toLateRow } from './late.ts';
import { type Effects, type Processor, noEffects } from './processor.ts';
import { SourceWatermarks } from './source-watermarks.ts';
import { fromStateJson } from './state-json.ts';
import { isClosed } from './watermark.ts';
import { type WindowOptions, WindowRows } from './window-rows.ts';

export interface MergeOptions extends WindowOptions {
  /** Partitions of the first step's input; windows wait for a word of each. */
  sourcePartitions: number;
}

/**
 * Second step of a two-step aggregate: shares of all input partitions meet here. A window closes when every source has said that
 * it has, so its result does not depend on which source was read first.
 */
export class MergeProcessor<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]>,
> implements Processor<PartialsTopic> {
  readonly #aggregate: TwoStepAggregate<In, Out, State, Row>;
  readonly #rows: WindowRows<In, Out, State, Row>;
  readonly #sources: SourceWatermarks;

  constructor(aggregate: TwoStepAggregate<In, Out, State, Row>, options: MergeOptions) {
    this.#aggregate = aggregate;
    this.#rows = new WindowRows(aggregate, options);
    this.#sources = new SourceWatermarks(options.sourcePartitions);
  }

  restore(entries: ReadonlyMap<string, string>, checkpoint: string | null): void {
    this.#rows.windows.restore(entries);
    if (checkpoint === null) return;
    this.#sources.restore(JSON.parse(checkpoint) as ReturnType<SourceWatermarks['toJSON']>);
  }

  process(records: readonly StreamRecord<PartialsTopic>[], nowMs: number): Effects {
    const effects = noEffects();
    this.#rows.beginBatch(nowMs);
    for (const record of records) {
      if (record.value.group !== null) this.#addShare(record.value, Number(record.offset), effects);
      this.#sources.hear(record.value);
    }
    this.#rows.emit(effects, this.#sources.horizon, nowMs);
    return effects;
  }

  tick(nowMs: number): Effects | null {
    if (!this.#rows.isDue(this.#sources.horizon, nowMs)) return null;
    const effects = noEffects();
    this.#rows.emit(effects, this.#sources.horizon, nowMs);
    return effects;
  }

  /** The last word of the last source has closed all windows. */
  finish(): Effects {
    return noEffects();
  }

  isComplete(): boolean {
    return this.#sources.haveAllEnded;
  }

  checkpoint(): string {
    return JSON.stringify(this.#sources);
  }

  watermarkMs(): number | null {
    return this.#sources.watermarkMs;
  }

  #addShare(partial: StagePartial, revision: number, effects: Effects): void {
    const start = partial.window_start ?? 0;
    const window = { start, end: start + this.#aggregate.windowMs };
    const group = JSON.parse(partial.group ?? '[]') as Group;
    if (isClosed(window, this.#sources.horizon)) {
      this.#putAside(partial, { group, window }, effects);
      return;
    }
    const share = fromStateJson(partial.state ?? 'null') as State;
    this.#rows.windows.update(group, window, {
      revision,
      init: this.#aggregate.init,
      apply: (state) => this.#aggregate.merge(state, share),
    });
  }

  #putAside(
    partial: StagePartial,
    { group, window }: { group: Group; window: Window },
    effects: Effects,
  ): void {
    const { name: stage, input: topic } = this.#aggregate;
    const reason = 'window_closed_while_source_idle';
    const watermarkMs = this.#sources.horizon.liveMs;
    for (const { event_id, timestamp, offset } of partial.events) {
      const row = { namespace: group[0] ?? '', event_id, timestamp };
      const source = { topic, partition: partial.source_partition, offset: BigInt(offset) };
      effects.outputs.push(toLateRow(row, { stage, reason, window, watermarkMs, source }));
    }
  }
}
