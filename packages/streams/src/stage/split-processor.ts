import type { StagePartial, TopicName, TopicValue } from '@shopstream/contracts';
import type {
  Group,
  Output,
  StreamRecord,
  TwoStepAggregate,
  Window,
  WindowInput,
  WindowableTopic,
} from '../types.ts';
import { blankPartial, toAnnouncements } from './announcements.ts';
import { toLateRow } from './late.ts';
import { type Effects, type Processor, NO_GROUP, countSkip, noEffects } from './processor.ts';
import { toStateJson } from './state-json.ts';
import {
  END_OF_INPUT_MS,
  Watermark,
  type WatermarkState,
  horizonAt,
  isClosed,
  lastClosedEnd,
  windowOf,
} from './watermark.ts';

interface Share<State> {
  group: Group;
  window: Window;
  state: State;
  events: StagePartial['events'];
}

export interface SplitOptions {
  sourcePartition: number;
  /** Partitions of the partials topic: every one is told of a watermark. */
  partialsPartitions: number;
  idleMs: number;
}

/**
 * First step of a two-step aggregate: what a batch adds to each window of each group, sent on to the group's partition, and the
 * partition's watermark whenever it has passed the end of a window. Nothing is kept between batches but the watermark, so that
 * a hot group costs no more than the batch it is in.
 */
export class SplitProcessor<
  In extends WindowableTopic,
  Out extends TopicName,
  State,
  Row extends Partial<TopicValue[In]>,
> implements Processor<In> {
  readonly #aggregate: TwoStepAggregate<In, Out, State, Row>;
  readonly #options: SplitOptions;
  readonly #watermark: Watermark;
  #announcedEndMs = Number.NEGATIVE_INFINITY;
  #revision = 0;

  constructor(aggregate: TwoStepAggregate<In, Out, State, Row>, options: SplitOptions) {
    this.#aggregate = aggregate;
    this.#options = options;
    this.#watermark = new Watermark(aggregate.outOfOrdernessMs);
  }

  restore(_windows: ReadonlyMap<string, string>, checkpoint: string | null): void {
    if (checkpoint === null) return;
    const saved = JSON.parse(checkpoint) as { watermark: WatermarkState; revision: number };
    this.#watermark.restore(saved.watermark);
    this.#revision = saved.revision;
    this.#announcedEndMs = this.#closedEnd(this.#watermark.valueMs);
  }

  process(records: readonly StreamRecord<In>[]): Effects {
    const effects = noEffects();
    const shares = new Map<string, Share<State>>();
    for (const record of records) this.#add(shares, record, effects);
    this.#revision = Number(records.at(-1)?.offset ?? this.#revision);
    for (const share of shares.values()) effects.outputs.push(this.#toPartial(share));
    this.#announce(effects);
    return effects;
  }

  tick(nowMs: number, idleMs: number | null): Effects | null {
    if (idleMs === null || idleMs < this.#options.idleMs) return null;
    const watermarkMs = this.#watermark.idleValueMs(nowMs);
    if (this.#closedEnd(watermarkMs) <= this.#announcedEndMs) return null;
    this.#watermark.advanceTo(watermarkMs);
    const effects = noEffects();
    this.#announce(effects);
    return effects;
  }

  /** A source without any record says so too: the second step waits for every one. */
  finish(): Effects {
    const effects = noEffects();
    this.#watermark.advanceTo(END_OF_INPUT_MS);
    this.#announce(effects);
    return effects;
  }

  checkpoint(): string {
    return JSON.stringify({ watermark: this.#watermark.toJSON(), revision: this.#revision });
  }

  watermarkMs(): number | null {
    return this.#watermark.isSet ? this.#watermark.valueMs : null;
  }

  #add(shares: Map<string, Share<State>>, record: StreamRecord<In>, effects: Effects): void {
    const row = record.value as unknown as Row & WindowInput;
    const group = this.#aggregate.groupBy(row);
    const window = windowOf(row.timestamp, this.#aggregate.windowMs);
    const watermarkMs = this.#watermark.valueMs;
    if (group === null) countSkip(effects, NO_GROUP);
    else if (isClosed(window, horizonAt(watermarkMs))) {
      const { name: stage } = this.#aggregate;
      effects.outputs.push(
        toLateRow(row, { stage, reason: 'window_closed', window, watermarkMs, source: record }),
      );
    } else {
      const share = this.#shareOf(shares, group, window);
      share.state = this.#aggregate.add(share.state, row);
      const { event_id, timestamp } = row;
      share.events.push({ event_id, timestamp, offset: Number(record.offset) });
    }
    this.#watermark.observe(row.timestamp, record.timestamp);
  }

  #shareOf(shares: Map<string, Share<State>>, group: Group, window: Window): Share<State> {
    const key = JSON.stringify([window.start, ...group]);
    let share = shares.get(key);
    if (share === undefined) {
      share = { group, window, state: this.#aggregate.init(), events: [] };
      shares.set(key, share);
    }
    return share;
  }

  #toPartial({ group, window, state, events }: Share<State>): Output {
    const key = JSON.stringify(group);
    const value: StagePartial = {
      ...blankPartial(this.#options.sourcePartition, this.#revision),
      group: key,
      window_start: window.start,
      state: toStateJson(state),
      events,
    };
    return { topic: this.#aggregate.partials, value, key: { key } };
  }

  #announce(effects: Effects): void {
    const { sourcePartition, partialsPartitions } = this.#options;
    const endMs = this.#closedEnd(this.#watermark.valueMs);
    if (endMs <= this.#announcedEndMs) return;
    this.#announcedEndMs = endMs;
    const value = { ...blankPartial(sourcePartition, this.#revision), watermark: this.#watermark.valueMs };
    effects.outputs.push(...toAnnouncements(this.#aggregate.partials, partialsPartitions, value));
  }

  #closedEnd(watermarkMs: number): number {
    return lastClosedEnd(watermarkMs, this.#aggregate.windowMs);
  }
}
