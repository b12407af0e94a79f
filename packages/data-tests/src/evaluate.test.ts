import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { DataTest, FlowCheck, RowCheck } from './checks.ts';
import { evaluate, isKept } from './evaluate.ts';
import type { Measurements, SampledRow, Waiting } from './measurements.ts';

const topic = 'ecom.events-clean.v1' as const;
const source = 'ecom.clickstream.v1' as const;
const group = 'cleaning' as const;

const testOf = (check: RowCheck | FlowCheck): DataTest => ({ id: 't', topic, sampleSize: 1_000, ...check });
const nothing: Measurements = { rows: new Map(), waiting: [], perMinute: new Map(), hasNews: new Map() };
const sampleOf = (rows: readonly SampledRow['row'][]): Measurements => ({
  ...nothing,
  rows: new Map([[topic, rows.map((row, index) => ({ partition: 3, offset: BigInt(index), row }))]]),
});
const onRows = (check: RowCheck, ...rows: SampledRow['row'][]) => evaluate(testOf(check), sampleOf(rows));

const notNull = { check: 'not_null', column: 'id' } as const;
const values = { check: 'accepted_values', column: 'device', values: ['desktop', 'mobile'] } as const;
const range = { check: 'range', column: 'count', min: 1, max: 10 } as const;
const readable = { check: 'readable' } as const;

describe('a rule of rows', () => {
  it.each([
    [notNull, { id: 'a' }, true],
    [notNull, { id: 0 }, true],
    [notNull, { id: false }, true],
    [notNull, { id: null }, false],
    [notNull, { id: '' }, false],
    [notNull, { id: ' \t' }, false],
    [notNull, {}, false],
    [values, { device: 'mobile' }, true],
    [values, { device: null }, true],
    [values, { device: 'Mobile' }, false],
    [values, { device: '' }, false],
    [range, { count: 1 }, true],
    [range, { count: 10 }, true],
    [range, { count: null }, true],
    [range, { count: 0 }, false],
    [range, { count: 11 }, false],
    [range, { count: NaN }, false],
    [readable, {}, true],
    [readable, null, false],
    [notNull, null, true],
  ])('%j keeps %j: %s', (check, row, kept) => {
    expect(isKept(check, row)).toBe(kept);
  });

  it('says nothing of no rows', () => {
    for (const check of [notNull, values, range, readable])
      expect(onRows(check)).toMatchObject({ outcome: 'unknown', value: null, rowsChecked: 0 });
  });

  it('leaves rows that cannot be read to the test of readability', () => {
    expect(onRows(notNull, null, { id: 'a' })).toMatchObject({ outcome: 'pass', rowsChecked: 1 });
    expect(onRows(notNull, null)).toMatchObject({ outcome: 'unknown' });
    expect(onRows(readable, null, { id: 'a' })).toMatchObject({ outcome: 'error', value: 1, rowsChecked: 2 });
  });

  it('names where bad rows are, some of them, and never what is in them', () => {
    const { detail } = onRows(values, ...Array.from({ length: 5 }, () => ({ device: 'a person' })));
    expect(detail).toBe(
      '5 of 5 rows have another device than desktop, mobile (partition:offset 3:0, 3:1, 3:2, …)',
    );
  });

  const anyRow = fc.option(
    fc.record({
      id: fc.option(fc.string()),
      device: fc.option(fc.constantFrom('desktop', 'mobile', 'toaster')),
      count: fc.option(fc.integer({ min: -5, max: 20 })),
    }),
  );
  const anyCheck = fc.constantFrom<RowCheck>(notNull, values, range, readable);

  it('is broken by a sample exactly when it is broken by one of its rows', () => {
    fc.assert(
      fc.property(anyCheck, fc.array(anyRow), (check, rows) => {
        const bad = rows.filter((row) => !isKept(check, row)).length;
        const { outcome, value, rowsChecked } = onRows(check, ...rows);
        expect(outcome).toBe(bad > 0 ? 'error' : rowsChecked > 0 ? 'pass' : 'unknown');
        expect(value ?? 0).toBe(bad);
        expect(rowsChecked).toBeGreaterThanOrEqual(bad);
      }),
    );
  });

  it('is judged alike in any order of rows', () => {
    fc.assert(
      fc.property(anyCheck, fc.array(anyRow), (check, rows) => {
        const { outcome, value } = onRows(check, ...rows);
        expect(onRows(check, ...rows.toReversed())).toMatchObject({ outcome, value });
      }),
    );
  });
});

describe('waiting rows', () => {
  const lag = testOf({ check: 'max_lag', group, source, limitMs: 30_000 });
  const stale = testOf({ check: 'staleness', group, source, warnAfterMs: 30_000, errorAfterMs: 120_000 });
  const waitingFor = (oldestMs: number | null, other: Partial<Waiting> = {}): Measurements => ({
    ...nothing,
    waiting: [{ group, source, oldestMs, at: { partition: 1, offset: 7n }, ...other }],
  });

  it.each([
    [null, 'pass', 'pass'],
    [30_000, 'pass', 'pass'],
    [30_001, 'error', 'warn'],
    [120_000, 'error', 'warn'],
    [120_001, 'error', 'error'],
  ])('of %s ms are a lag of level %s and a staleness of level %s', (oldestMs, asLag, asStaleness) => {
    expect(evaluate(lag, waitingFor(oldestMs)).outcome).toBe(asLag);
    expect(evaluate(stale, waitingFor(oldestMs)).outcome).toBe(asStaleness);
  });

  it('of another group are not looked at', () => {
    expect(evaluate(lag, waitingFor(99_000, { group: 'enrichment' })).outcome).toBe('unknown');
    expect(evaluate(lag, nothing).outcome).toBe('unknown');
  });

  it('never make a test better by waiting longer', () => {
    const rank = { pass: 0, unknown: 0, warn: 1, error: 2 };
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(200_000), fc.constantFrom(lag, stale), (a, b, test) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map(
          (ms) => rank[evaluate(test, waitingFor(ms)).outcome],
        );
        expect(less).toBeLessThanOrEqual(more ?? 0);
      }),
    );
  });
});

describe('the flow of a topic', () => {
  const throughput = testOf({ check: 'throughput', minPerMinute: 1_000, source });
  const minute = (rows: number | null, offered: number | null): Measurements => ({
    ...nothing,
    perMinute: new Map([
      [topic, rows],
      [source, offered],
    ]),
  });

  it.each([
    [1_000, 1_500, 'pass'],
    [999, 1_500, 'warn'],
    [0, 0, 'warn'],
    [0, 999, 'warn'],
    [0, 1_000, 'error'],
    [null, 1_000, 'error'],
    [null, 0, 'warn'],
  ])('of %s rows where the source has %s is of level %s', (rows, offered, level) => {
    expect(evaluate(throughput, minute(rows, offered))).toMatchObject({ outcome: level, value: rows ?? 0 });
  });

  it('of a shop that never had an event is not judged', () => {
    expect(evaluate(throughput, minute(null, null))).toMatchObject({ outcome: 'unknown', value: null });
  });

  const silence = testOf({ check: 'silence', warnAfterMs: 30_000 });
  it.each([
    [true, 'pass'],
    [false, 'warn'],
    [null, 'unknown'],
  ])('with news: %s, is of level %s', (hasNews, level) => {
    expect(evaluate(silence, { ...nothing, hasNews: new Map([[topic, hasNews]]) }).outcome).toBe(level);
  });

  it('that was not measured says nothing', () => {
    expect(evaluate(throughput, nothing).outcome).toBe('unknown');
    expect(evaluate(silence, nothing).outcome).toBe('unknown');
  });
});
