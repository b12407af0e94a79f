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
import { toLateRow } from './late.ts';
import { type Effects, type Processor, noEffects } from './processor.ts';
import { toStateJson } from './state-json.ts';
import { Watermark, isClosed, windowOf } from './watermark.ts';

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
export function createSplitProcessor<In extends WindowableTopic, Out extends TopicName, State>(
  aggregate: TwoStepAggregate<In, Out, State>,
  options: SplitOptions,
): Processor<In> {
  const watermark = new Watermark(aggregate.outOfOrdernessMs);
  let announcedEndMs = Number.NEGATIVE_INFINITY;
  let revision = 0;

  function addTo(shares: Map<string, Share<State>>, record: StreamRecord<In>, effects: Effects): void {
    const row = record.value as TopicValue[In] & WindowInput;
    const group = aggregate.groupBy(row);
    if (group !== null) {
      const window = windowOf(row.timestamp, aggregate.windowMs);
      if (isClosed(window, watermark.valueMs)) {
        effects.outputs.push(
          toLateRow(row, {
            stage: aggregate.name,
            reason: 'window_closed',
            window,
            watermarkMs: watermark.valueMs,
            source: record,
          }),
        );
      } else {
        const key = JSON.stringify([window.start, ...group]);
        let share = shares.get(key);
        if (share === undefined)
          shares.set(key, (share = { group, window, state: aggregate.init(), events: [] }));
        share.state = aggregate.add(share.state, row);
        share.events.push({
          event_id: row.event_id,
          timestamp: row.timestamp,
          offset: Number(record.offset),
        });
      }
    }
    watermark.observe(row.timestamp, record.timestamp);
  }

  function toPartial({ group, window, state, events }: Share<State>): Output {
    const key = JSON.stringify(group);
    const value: StagePartial = {
      ...blank(options.sourcePartition, revision),
      group: key,
      window_start: window.start,
      state: toStateJson(state),
      events,
    };
    return { topic: aggregate.partials, value, key: { key } };
  }

  function announce(effects: Effects): void {
    const endMs = lastClosedEnd(watermark.valueMs, aggregate.windowMs);
    if (endMs <= announcedEndMs) return;
    announcedEndMs = endMs;
    effects.outputs.push(
      ...toAnnouncements(aggregate.partials, options.partialsPartitions, {
        ...blank(options.sourcePartition, revision),
        watermark: watermark.valueMs,
      }),
    );
  }

  return {
    restore(_windows, checkpoint) {
      if (checkpoint === null) return;
      const saved = JSON.parse(checkpoint) as { watermark: null; revision: number };
      watermark.restore(saved.watermark);
      revision = saved.revision;
      announcedEndMs = lastClosedEnd(watermark.valueMs, aggregate.windowMs);
    },
    process(records) {
      const effects = noEffects();
      const shares = new Map<string, Share<State>>();
      for (const record of records) addTo(shares, record, effects);
      revision = Number(records.at(-1)?.offset ?? revision);
      for (const share of shares.values()) effects.outputs.push(toPartial(share));
      announce(effects);
      return effects;
    },
    tick(nowMs, idleMs) {
      if (idleMs === null || idleMs < options.idleMs) return null;
      const idleValueMs = watermark.idleValueMs(nowMs);
      if (lastClosedEnd(idleValueMs, aggregate.windowMs) <= announcedEndMs) return null;
      watermark.advanceTo(idleValueMs);
      const effects = noEffects();
      announce(effects);
      return effects;
    },
    checkpoint: () => JSON.stringify({ watermark: watermark.toJSON(), revision }),
    watermarkMs: () => (watermark.isSet ? watermark.valueMs : null),
  };
}

/** Records that tell every partition of the second step of a source's watermark, or that it is empty. */
export function toAnnouncements(
  topic: TwoStepAggregate<WindowableTopic, TopicName, unknown>['partials'],
  partitions: number,
  value: StagePartial,
): Output[] {
  const key = `source:${value.source_partition}`;
  return Array.from({ length: partitions }, (_, partition) => ({ topic, value, key: { key, partition } }));
}

/** What an input partition that never had a record says: it holds no window back. Any later word of it counts for more. */
export function toIdleAnnouncement(sourcePartition: number): StagePartial {
  return { ...blank(sourcePartition, -1), idle: true };
}

function blank(sourcePartition: number, revision: number): StagePartial {
  return {
    source_partition: sourcePartition,
    revision,
    watermark: null,
    idle: false,
    group: null,
    window_start: null,
    state: null,
    events: [],
  };
}

/** End of the last window that a watermark closes. */
function lastClosedEnd(watermarkMs: number, windowMs: number): number {
  return Number.isFinite(watermarkMs)
    ? Math.floor((watermarkMs + 1) / windowMs) * windowMs
    : Number.NEGATIVE_INFINITY;
}
