import type { TopicName, TopicValue } from '@shopstream/contracts';
import type { Output, StreamRecord, WindowInput, WindowableTopic, WindowedAggregate } from '../types.ts';
import { toLateRow } from './late.ts';
import { type ClosedOrOpen, OpenWindows } from './open-windows.ts';
import { type Effects, type Processor, noEffects } from './processor.ts';
import { Watermark, isClosed, windowOf } from './watermark.ts';

export interface WindowOptions {
  /** Least time between two rows of one open window. */
  interimMs: number;
  /** After this long without input a live partition's event time follows the wall clock. */
  idleMs: number;
  /** Open windows a partition may hold; one more is an error that stops the stage. */
  maxOpenWindows: number;
}

/**
 * A windowed aggregate over one input partition. Which rows are final, and what they hold, is a function of the partition's log:
 * batches, restarts and the time at which they happen change only how many interim rows there are.
 */
export function createWindowProcessor<In extends WindowableTopic, Out extends TopicName, State>(
  aggregate: WindowedAggregate<In, Out, State>,
  options: WindowOptions,
): Processor<In> {
  const windows = new OpenWindows<State>({ windowMs: aggregate.windowMs, maxOpen: options.maxOpenWindows });
  const watermark = new Watermark(aggregate.outOfOrdernessMs);
  let emittedAtMs = 0;

  function toOutput({ group, window, state, revision }: ClosedOrOpen<State>, isFinal: boolean): Output {
    const value = aggregate.toRow(group, window, { state, revision, isFinal });
    return { topic: aggregate.output, value } as Output;
  }

  function add(record: StreamRecord<In>, effects: Effects): void {
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
        windows.update(group, window, {
          revision: Number(record.offset),
          init: aggregate.init,
          apply: (state) => aggregate.add(state, row),
        });
      }
    }
    watermark.observe(row.timestamp, record.timestamp);
  }

  function emit(effects: Effects, nowMs: number): void {
    for (const closed of windows.close(watermark.valueMs, effects))
      effects.outputs.push(toOutput(closed, true));
    if (nowMs - emittedAtMs >= options.interimMs && windows.hasUnemitted) {
      for (const open of windows.takeUnemitted()) effects.outputs.push(toOutput(open, false));
      emittedAtMs = nowMs;
    }
    windows.persist(effects);
  }

  return {
    restore(entries, checkpoint) {
      windows.restore(entries);
      watermark.restore(
        checkpoint === null ? null : (JSON.parse(checkpoint) as { watermark: null }).watermark,
      );
    },
    process(records, nowMs) {
      const effects = noEffects();
      // Interim rows wait for the tick after a first change, so that a window closed by its own batch has only its final row.
      if (!windows.hasUnemitted) emittedAtMs = nowMs;
      for (const record of records) add(record, effects);
      emit(effects, nowMs);
      return effects;
    },
    tick(nowMs, idleMs) {
      const idleValueMs =
        idleMs !== null && idleMs >= options.idleMs ? watermark.idleValueMs(nowMs) : watermark.valueMs;
      const closes = isClosed({ end: windows.earliestEndMs }, idleValueMs);
      const isInterimDue = windows.hasUnemitted && nowMs - emittedAtMs >= options.interimMs;
      if (!closes && !isInterimDue) return null;
      watermark.advanceTo(idleValueMs);
      const effects = noEffects();
      emit(effects, nowMs);
      return effects;
    },
    checkpoint: () => JSON.stringify({ watermark: watermark.toJSON() }),
    watermarkMs: () => (watermark.isSet ? watermark.valueMs : null),
  };
}
