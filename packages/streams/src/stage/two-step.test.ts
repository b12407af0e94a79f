import { describe, expect, it } from '@jest/globals';
import type { StagePartial } from '@shopstream/contracts';
import fc from 'fast-check';
import { counting, drive, recordOf } from '../../test/processors.ts';
import type { StreamRecord } from '../types.ts';
import { toIdleAnnouncement } from './announcements.ts';
import { MergeProcessor } from './merge-processor.ts';
import { SplitProcessor } from './split-processor.ts';

const at = (seconds: number): number => Date.UTC(2026, 0, 5) + seconds * 1_000;
const options = { interimMs: 1_000, idleMs: 60_000, maxOpenWindows: 1_000 };

const split = (sourcePartition: number) =>
  drive(() => new SplitProcessor(counting, { sourcePartition, partialsPartitions: 1, idleMs: 60_000 }));
const merge = (sourcePartitions: number) =>
  drive(() => new MergeProcessor(counting, { ...options, sourcePartitions }));

function partialOf(offset: number, value: StagePartial): StreamRecord<'ecom.popularity-partials.v1'> {
  const topic = 'ecom.popularity-partials.v1';
  return {
    topic,
    partition: 0,
    offset: BigInt(offset),
    timestamp: 0,
    key: null,
    bytes: Buffer.alloc(0),
    value,
  };
}

const finals = (run: ReturnType<typeof merge>) =>
  run
    .of('ecom.product-popularity.v1')
    .filter((row) => row.is_final)
    .map((row) =>
      JSON.stringify([row.product_id, row.window_start, row.total_interactions, row.unique_users]),
    )
    .sort();

describe('a two-step aggregate', () => {
  it('waits for every source, but not in live traffic for one that has never had a record', async () => {
    const [first, second] = [split(0), split(1)];
    await first.batch([recordOf(0, { timestamp: at(1) }), recordOf(1, { timestamp: at(30) })], 0);
    await second.batch([recordOf(0, { timestamp: at(2) }, 1)], 0);
    const run = merge(3);
    let offset = 0;
    const hear = (value: StagePartial) => run.batch([partialOf((offset += 1), value)], 0);
    await hear(toIdleAnnouncement(2, at(0)));
    for (const value of first.of('ecom.popularity-partials.v1')) await hear(value);
    for (const value of second.of('ecom.popularity-partials.v1')) await hear(value);
    expect(finals(run)).toEqual([]);
    await second.batch([recordOf(1, { timestamp: at(20) }, 1)], 0);
    for (const value of second.of('ecom.popularity-partials.v1').slice(1)) await hear(value);
    expect(finals(run)).toEqual([JSON.stringify(['product-1', at(0), 2, 1])]);
  });

  it('is complete, with all windows closed, when every source has ended, an empty one too', async () => {
    const sources = [split(0), split(1), split(2)];
    await sources[0]?.batch([recordOf(0, { timestamp: at(1) }), recordOf(1, { timestamp: at(31) })], 0);
    await sources[1]?.batch([recordOf(0, { timestamp: at(2) }, 1)], 0);
    const run = merge(3);
    for (const source of sources) {
      expect([run.isComplete(), finals(run)]).toEqual([false, []]);
      source.restart();
      source.finish();
      source.restart();
      source.finish();
      const told = source.of('ecom.popularity-partials.v1');
      expect(told.filter(({ watermark }) => (watermark ?? 0) > at(1_000))).toHaveLength(1);
      for (const [offset, value] of told.entries()) await run.batch([partialOf(offset, value)], 0);
      run.restart();
    }
    expect(run.isComplete()).toBe(true);
    const expected = [
      JSON.stringify(['product-1', at(0), 2, 1]),
      JSON.stringify(['product-1', at(30), 1, 1]),
    ];
    expect(finals(run)).toEqual(expected);
    expect(run.changelog.size).toBe(0);
  });

  it('names the records of a source that wakes up after the others have closed its live window', async () => {
    const [first, second] = [split(0), split(1)];
    await first.batch([recordOf(0, { timestamp: at(1) }), recordOf(1, { timestamp: at(30) })], 0);
    await second.batch([recordOf(0, { timestamp: at(3), event_id: 'sleeper' }, 1)], 0);
    const run = merge(2);
    const told = [toIdleAnnouncement(1, at(0)), ...first.of('ecom.popularity-partials.v1')];
    const values = [...told, ...second.of('ecom.popularity-partials.v1')];
    for (const [offset, value] of values.entries()) await run.batch([partialOf(offset, value)], offset);
    expect(run.of('ecom.late.v1')).toMatchObject([
      { event_id: 'sleeper', reason: 'window_closed_while_source_idle', source_partition: 1 },
    ]);
  });

  it('keeps windows of a replayed history open for sources that were empty when it began, however long it takes', async () => {
    const [first, second] = [split(0), split(1)];
    await first.batch([recordOf(0, { timestamp: at(1) }), recordOf(1, { timestamp: at(3_600) })], 0);
    const run = merge(2);
    const replayedAt = at(86_400 * 365);
    const empty = [toIdleAnnouncement(0, replayedAt), toIdleAnnouncement(1, replayedAt)];
    const values = [
      ...empty,
      ...first.of('ecom.popularity-partials.v1'),
      toIdleAnnouncement(1, replayedAt + 1),
    ];
    for (const [offset, value] of values.entries()) await run.batch([partialOf(offset, value)], offset);
    run.restart();
    run.tick(replayedAt, null);
    expect(finals(run)).toEqual([]);
    await second.batch([recordOf(0, { timestamp: at(3) }, 1), recordOf(1, { timestamp: at(30) }, 1)], 0);
    const woken = second.of('ecom.popularity-partials.v1');
    for (const [i, value] of woken.entries()) await run.batch([partialOf(values.length + i, value)], 0);
    expect(finals(run)).toEqual([JSON.stringify(['product-1', at(0), 2, 1])]);
    expect(run.of('ecom.late.v1')).toEqual([]);
  });

  it('gives the same final rows whatever the order in which sources are read, and across restarts', async () => {
    const event = fc.record({
      seconds: fc.integer({ min: 0, max: 90 }),
      product: fc.constantFrom('a', 'b'),
      user: fc.constantFrom('u1', 'u2', 'u3', null),
      source: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 60 }),
        fc.infiniteStream(fc.nat(2)),
        fc.array(fc.boolean()),
        async (log, turns, restarts) => {
          const queues: StagePartial[][] = [];
          let onTime = 0;
          for (const source of [0, 1, 2]) {
            const run = split(source);
            const own = log.filter((e) => e.source === source);
            const records = own.map((e, i) =>
              recordOf(
                i,
                { timestamp: at(e.seconds), product_id: e.product, user_identifier: e.user },
                source,
              ),
            );
            for (const record of [
              ...records,
              recordOf(999, { timestamp: at(500), product_id: null }, source),
            ]) {
              await run.batch([record], 0);
            }
            queues.push(run.of('ecom.popularity-partials.v1'));
            onTime += own.length - run.of('ecom.late.v1').length;
          }
          const inTurns = merge(3);
          const left = queues.map((queue) => [...queue]);
          for (let i = 0; left.some((queue) => queue.length > 0); i += 1) {
            const next = left[turns.next().value as number]?.shift();
            if (next !== undefined) await inTurns.batch([partialOf(i, next)], i);
            if (restarts[i] === true) inTurns.restart();
          }
          const oneByOne = merge(3);
          await oneByOne.batch(
            queues.flat().map((value, offset) => partialOf(offset, value)),
            0,
          );
          expect(finals(inTurns)).toEqual(finals(oneByOne));
          const counted = finals(inTurns).reduce(
            (sum, row) => sum + Number((JSON.parse(row) as number[])[2]),
            0,
          );
          expect(counted).toBe(onTime);
          expect(inTurns.of('ecom.late.v1')).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
