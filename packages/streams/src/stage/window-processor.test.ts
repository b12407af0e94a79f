import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { counting, drive, recordOf } from '../../test/processors.ts';
import { WindowProcessor } from './window-processor.ts';

const options = { interimMs: 1_000, idleMs: 60_000, maxOpenWindows: 1_000 };
const start = () => drive(() => new WindowProcessor(counting, options));
const at = (seconds: number): number => Date.UTC(2026, 0, 5) + seconds * 1_000;
const rows = (run: ReturnType<typeof start>) =>
  run
    .of('ecom.product-popularity.v1')
    .filter((row) => row.is_final)
    .map((row) => [row.product_id, row.window_start, row.total_interactions, row.unique_users]);

describe('a window', () => {
  it('is emitted once, final, when the watermark reaches its last millisecond', async () => {
    const run = start();
    await run.batch([recordOf(0, { timestamp: at(1) }), recordOf(1, { timestamp: at(14) })], 0);
    expect(rows(run)).toEqual([]);
    await run.batch([recordOf(2, { timestamp: at(15) - 1 })], 1);
    expect(rows(run)).toEqual([['product-1', at(0), 1, 1]]);
  });

  it('is emitted once, final, when the input has ended, whatever the watermark', async () => {
    const run = start();
    await run.batch([recordOf(0, { timestamp: at(1) }), recordOf(1, { timestamp: at(11) })], 0);
    run.restart();
    run.finish();
    run.finish();
    expect(rows(run)).toEqual([
      ['product-1', at(0), 1, 1],
      ['product-1', at(10), 1, 1],
    ]);
    expect(run.changelog.size).toBe(0);
  });

  it('takes a record that is late by less than the out-of-orderness and puts a later one aside with its reason', async () => {
    const run = start();
    await run.batch([recordOf(0, { timestamp: at(14) }), recordOf(1, { timestamp: at(9) })], 0);
    await run.batch(
      [recordOf(2, { timestamp: at(16) }), recordOf(3, { timestamp: at(9), event_id: 'too-late' })],
      1,
    );
    expect(rows(run)).toEqual([['product-1', at(0), 1, 1]]);
    expect(run.of('ecom.late.v1')).toMatchObject([
      {
        event_id: 'too-late',
        reason: 'window_closed',
        window_end: at(10),
        watermark: at(11),
        source_offset: 3,
      },
    ]);
  });

  it('has at most one interim row a second, and none when its own batch closes it', async () => {
    const run = start();
    await run.batch([recordOf(0, { timestamp: at(1) }), recordOf(1, { timestamp: at(20) })], 10_000);
    expect(run.outputs).toHaveLength(1);
    run.tick(10_500, null);
    expect(run.outputs).toHaveLength(1);
    run.tick(11_000, null);
    run.tick(11_900, null);
    expect(run.of('ecom.product-popularity.v1').map((row) => row.is_final)).toEqual([true, false]);
  });

  it('is closed by the wall clock when its live partition is idle, and stays open in replayed history', async () => {
    const live = start();
    await live.batch([recordOf(0, { timestamp: at(1) })], at(1));
    live.tick(at(30), 29_000);
    expect(rows(live)).toEqual([]);
    live.tick(at(62), 61_000);
    expect(rows(live)).toEqual([['product-1', at(0), 1, 1]]);

    const replayed = start();
    await replayed.batch([{ ...recordOf(0, { timestamp: at(1) }), timestamp: at(86_400) }], at(86_400));
    replayed.tick(at(86_500), 100_000);
    expect(rows(replayed)).toEqual([]);
  });

  it('beyond the limit of open windows is an error and changes no others', async () => {
    const run = drive(() => new WindowProcessor(counting, { ...options, maxOpenWindows: 1 }));
    await run.batch([recordOf(0, { timestamp: at(1) })], 0);
    await expect(run.batch([recordOf(1, { timestamp: at(2), product_id: 'other' })], 0)).rejects.toThrow(
      'more than 1 windows',
    );
  });
});

const events = fc.array(
  fc.record({
    seconds: fc.integer({ min: 0, max: 120 }),
    product: fc.constantFrom('a', 'b', '__proto__'),
    user: fc.constantFrom('u1', 'u2', null),
  }),
  { minLength: 1, maxLength: 80 },
);

describe('final rows', () => {
  it('are a function of the log: batches and restarts change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.array(fc.integer({ min: 1, max: 9 })),
        fc.array(fc.boolean()),
        async (log, sizes, restarts) => {
          const records = log.map(({ seconds, product, user }, offset) =>
            recordOf(offset, {
              timestamp: at(seconds),
              product_id: product,
              user_identifier: user,
              event_id: `e${offset}`,
            }),
          );
          const whole = start();
          await whole.batch(records, 0);
          const pieces = start();
          for (let from = 0, i = 0; from < records.length; i += 1) {
            const size = sizes[i] ?? 7;
            await pieces.batch(records.slice(from, from + size), i * 700);
            if (restarts[i] === true) pieces.restart();
            from += size;
          }
          expect(rows(pieces).sort()).toEqual(rows(whole).sort());
          expect(pieces.of('ecom.late.v1')).toEqual(whole.of('ecom.late.v1'));
          // Nothing is left behind in the changelog but what is open.
          pieces.restart();
          const finals = rows(pieces).length;
          await pieces.batch([recordOf(1_000, { timestamp: at(500), product_id: null })], 0);
          const counted = rows(pieces).reduce((sum, row) => sum + Number(row[2]), 0);
          expect(counted + pieces.of('ecom.late.v1').length).toBe(records.length);
          expect(rows(pieces).length).toBeGreaterThanOrEqual(finals);
          expect(pieces.changelog.size).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
