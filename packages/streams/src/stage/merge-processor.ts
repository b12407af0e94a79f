import type { StagePartial, TopicName } from '@shopstream/contracts';
import type {
  Group,
  Output,
  PartialsTopic,
  StreamRecord,
  TwoStepAggregate,
  WindowableTopic,
} from '../types.ts';
import { toLateRow } from './late.ts';
import { type ClosedOrOpen, OpenWindows } from './open-windows.ts';
import { type Effects, type Processor, noEffects } from './processor.ts';
import { fromStateJson } from './state-json.ts';
import { isClosed } from './watermark.ts';
import type { WindowOptions } from './window-processor.ts';

/** Watermark of a source that has sent shares and closed nothing yet. */
const NOTHING_CLOSED_MS = Number.MIN_SAFE_INTEGER;

interface Source {
  /** Null while the source has said nothing but that it is empty. */
  watermarkMs: number | null;
  revision: number;
}

export interface MergeOptions extends WindowOptions {
  /** Partitions of the first step's input; windows wait for a word of each. */
  sourcePartitions: number;
}

/**
 * Second step of a two-step aggregate: shares of all input partitions meet here. A window closes when every source has said that
 * it has, so its result does not depend on which source was read first.
 */
export function createMergeProcessor<In extends WindowableTopic, Out extends TopicName, State>(
  aggregate: TwoStepAggregate<In, Out, State>,
  options: MergeOptions,
): Processor<PartialsTopic> {
  const windows = new OpenWindows<State>({ windowMs: aggregate.windowMs, maxOpen: options.maxOpenWindows });
  const sources = new Map<number, Source>();
  let watermarkMs = NOTHING_CLOSED_MS;
  let emittedAtMs = 0;

  function toOutput({ group, window, state, revision }: ClosedOrOpen<State>, isFinal: boolean): Output {
    const value = aggregate.toRow(group, window, { state, revision, isFinal });
    return { topic: aggregate.output, value } as Output;
  }

  function addShare(partial: StagePartial, record: StreamRecord<PartialsTopic>, effects: Effects): void {
    const start = partial.window_start ?? 0;
    const window = { start, end: start + aggregate.windowMs };
    const group = JSON.parse(partial.group ?? '[]') as Group;
    if (isClosed(window, watermarkMs)) {
      const source = { topic: aggregate.input, partition: partial.source_partition };
      for (const event of partial.events) {
        effects.outputs.push(
          toLateRow(
            { namespace: group[0] ?? '', event_id: event.event_id, timestamp: event.timestamp },
            {
              stage: aggregate.name,
              reason: 'window_closed_while_source_idle',
              window,
              watermarkMs,
              source: { ...source, offset: BigInt(event.offset) },
            },
          ),
        );
      }
      return;
    }
    const share = fromStateJson(partial.state ?? 'null') as State;
    windows.update(group, window, {
      revision: Number(record.offset),
      init: aggregate.init,
      apply: (state) => aggregate.merge(state, share),
    });
  }

  /** A share makes its source take part from then on: until it announces a watermark of its own it holds windows back. */
  function hear(partial: StagePartial): void {
    const known = sources.get(partial.source_partition);
    if (known !== undefined && partial.revision < known.revision) return;
    const idle = partial.idle ? null : (known?.watermarkMs ?? NOTHING_CLOSED_MS);
    sources.set(partial.source_partition, {
      watermarkMs: partial.watermark ?? idle,
      revision: partial.revision,
    });
    if (sources.size < options.sourcePartitions) return;
    const spoken = [...sources.values()].flatMap((source) =>
      source.watermarkMs === null ? [] : [source.watermarkMs],
    );
    if (spoken.length > 0) watermarkMs = Math.max(watermarkMs, Math.min(...spoken));
  }

  function emit(effects: Effects, nowMs: number): void {
    for (const closed of windows.close(watermarkMs, effects)) effects.outputs.push(toOutput(closed, true));
    if (nowMs - emittedAtMs >= options.interimMs && windows.hasUnemitted) {
      for (const open of windows.takeUnemitted()) effects.outputs.push(toOutput(open, false));
      emittedAtMs = nowMs;
    }
    windows.persist(effects);
  }

  return {
    restore(entries, checkpoint) {
      windows.restore(entries);
      if (checkpoint === null) return;
      const saved = JSON.parse(checkpoint) as { watermarkMs: number; sources: [number, Source][] };
      watermarkMs = saved.watermarkMs;
      for (const [partition, source] of saved.sources) sources.set(partition, source);
    },
    process(records, nowMs) {
      const effects = noEffects();
      if (!windows.hasUnemitted) emittedAtMs = nowMs;
      for (const record of records) {
        if (record.value.group !== null) addShare(record.value, record, effects);
        hear(record.value);
      }
      emit(effects, nowMs);
      return effects;
    },
    tick(nowMs) {
      if (!windows.hasUnemitted || nowMs - emittedAtMs < options.interimMs) return null;
      const effects = noEffects();
      emit(effects, nowMs);
      return effects;
    },
    checkpoint: () => JSON.stringify({ watermarkMs, sources: [...sources] }),
    watermarkMs: () => (watermarkMs === NOTHING_CLOSED_MS ? null : watermarkMs),
  };
}
