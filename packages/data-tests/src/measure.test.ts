import { describe, expect, it } from '@jest/globals';
import type { TopicName } from '@shopstream/contracts';
import type { LogRecord, Spot } from '@shopstream/streams';
import * as fc from 'fast-check';
import type { DataTest } from './checks.ts';
import type { Sources } from './ask.ts';
import { measure } from './measure.ts';
import { type Progress, toSpots } from './sample-rows.ts';

const nowMs = 1_000_000;
const topic = 'ecom.events-clean.v1' as const;
const source = 'ecom.clickstream.v1' as const;

interface FakeLog {
  /** Rows by their age in milliseconds, oldest first; null for a marker. */
  ages: readonly number[];
  markers?: readonly number[];
  committed?: bigint;
}

/** One partition a topic. */
function fakeSources(logs: Partial<Record<TopicName, FakeLog>>) {
  const reads: Spot[] = [];
  const logOf = (name: TopicName): FakeLog => logs[name] ?? { ages: [] };
  const sources: Sources = {
    readTimeoutMs: 1_000,
    admin: {
      endOffsets: async (name) => new Map([[0, { low: 0n, high: BigInt(logOf(name).ages.length) }]]),
      offsetsAt: async (name, timeMs) =>
        new Map([[0, BigInt(logOf(name).ages.filter((age) => nowMs - age < timeMs).length)]]),
      committed: async (_group, name) => {
        const { committed } = logOf(name);
        return new Map(committed === undefined ? [] : [[0, committed]]);
      },
    },
    reader: {
      read: async (spots) => {
        reads.push(...spots);
        return spots.map((spot) => {
          const { ages, markers = [] } = logOf(spot.topic);
          const records = ages
            .map((age, index) => ({ age, index }))
            .filter(({ index }) => index >= Number(spot.from) && index < Number(spot.until))
            .filter(({ index }) => !markers.includes(index))
            .slice(0, spot.maxRows)
            .map(({ age, index }) => record(index, nowMs - age));
          return { ...spot, records, next: spot.until };
        });
      },
    },
  };
  return { sources, reads };
}

const record = (offset: number, timestamp: number): LogRecord =>
  ({
    partition: 0,
    offset: BigInt(offset),
    timestamp,
    key: null,
    value: { event_id: `e${offset}` },
  }) as never;

const look = (tests: DataTest[], sources: Sources, progress: Progress = new Map()) =>
  measure(tests, sources, { nowMs, sinceMs: nowMs - 60_000, progress });

const rowsTest: DataTest = { id: 'rows', topic, sampleSize: 10, check: 'not_null', column: 'event_id' };
const lagTest: DataTest = {
  ...{ id: 'lag', topic, sampleSize: 10, check: 'max_lag' },
  ...{ group: 'cleaning', source, limitMs: 30_000 },
};

describe('a look at rows', () => {
  it('takes the newest ones within the size of the sample, and goes on where it ended', async () => {
    const progress: Progress = new Map();
    const { sources } = fakeSources({ [topic]: { ages: Array.from({ length: 50 }, (_, k) => 50 - k) } });
    const first = await look([rowsTest], sources, progress);
    const offsets = first.rows.get(topic)?.map(({ offset }) => Number(offset));
    expect(offsets).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
    const second = await look([rowsTest], sources, progress);
    expect(second.rows.get(topic)).toEqual([]);
  });

  it('leaves out what came before the first look', async () => {
    const { sources } = fakeSources({ [topic]: { ages: [90_000, 70_000, 50_000] } });
    expect((await look([rowsTest], sources)).rows.get(topic)).toHaveLength(1);
  });

  const anyLog = fc.tuple(fc.bigInt(0n, 99n), fc.bigInt(0n, 500n), fc.bigInt(0n, 600n));
  it('never asks for more than the sample, nor for what was read, deleted or does not exist', () => {
    fc.assert(
      fc.property(
        fc.array(anyLog, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 30, max: 2_000 }),
        (logs, size) => {
          const ends = new Map(logs.map(([low, rows], p) => [p, { low, high: low + rows }]));
          const from = new Map(logs.map(([, , position], p) => [p, position]));
          const spots = toSpots(topic, { ends, from, size });
          expect(spots.reduce((sum, { maxRows }) => sum + maxRows, 0)).toBeLessThanOrEqual(size);
          for (const spot of spots) {
            const { low = 0n, high = 0n } = ends.get(spot.partition) ?? {};
            expect(spot.from >= low && spot.from >= (from.get(spot.partition) ?? 0n)).toBe(true);
            expect(spot.until).toBe(high);
            expect(spot.until - spot.from <= BigInt(spot.maxRows) && spot.until > spot.from).toBe(true);
          }
        },
      ),
    );
  });
});

describe('a look at what waits', () => {
  const oldestOf = async (log: FakeLog) => {
    const { sources, reads } = fakeSources({ [source]: log });
    const { waiting } = await look([lagTest], sources);
    return { oldestMs: waiting[0]?.oldestMs, at: waiting[0]?.at, reads };
  };

  it('finds the oldest row that the group has not read', async () => {
    const found = await oldestOf({ ages: [90_000, 50_000, 40_000, 1_000], committed: 1n });
    expect(found).toMatchObject({ oldestMs: 50_000, at: { partition: 0, offset: 1n } });
  });

  it('reads nothing while all that is old has been read', async () => {
    const { oldestMs, reads } = await oldestOf({ ages: [90_000, 20_000, 1_000], committed: 1n });
    expect({ oldestMs, reads }).toEqual({ oldestMs: null, reads: [] });
  });

  it('takes markers of transactions for no rows', async () => {
    const found = await oldestOf({ ages: [90_000, 80_000], markers: [1], committed: 1n });
    expect(found).toMatchObject({ oldestMs: null });
  });

  it('takes a group that has never committed for one that has read nothing', async () => {
    expect(await oldestOf({ ages: [90_000] })).toMatchObject({ oldestMs: 90_000 });
    expect(await oldestOf({ ages: [] })).toMatchObject({ oldestMs: null });
  });
});

describe('a look at the flow', () => {
  it('counts rows of the last minute, less what the sample shows to be markers', async () => {
    const throughput: DataTest = {
      id: 't',
      topic,
      sampleSize: 10,
      check: 'throughput',
      minPerMinute: 5,
      source,
    };
    const ages = [70_000, ...Array.from({ length: 20 }, () => 30_000)];
    const markers = ages.map((_, index) => index).filter((index) => index % 2 === 0);
    const { sources } = fakeSources({ [topic]: { ages, markers }, [source]: { ages: [61_000, 59_000] } });
    const { perMinute } = await look([throughput], sources);
    expect([...perMinute]).toEqual([
      [topic, 10],
      [source, 1],
    ]);
  });

  it('still knows of the markers when a look finds nothing new', async () => {
    const throughput: DataTest = {
      ...{ id: 't', topic, sampleSize: 10, check: 'throughput' },
      ...{ minPerMinute: 5, source },
    };
    const { sources } = fakeSources({ [topic]: { ages: [3, 3, 2, 2], markers: [1, 3] } });
    const progress: Progress = new Map();
    expect((await look([throughput], sources, progress)).perMinute.get(topic)).toBe(2);
    expect((await look([throughput], sources, progress)).perMinute.get(topic)).toBe(2);
  });

  it('tells silence from a topic that never had a row', async () => {
    const silence: DataTest = { id: 's', topic, sampleSize: 10, check: 'silence', warnAfterMs: 30_000 };
    const newsOf = async (ages: number[]) =>
      (await look([silence], fakeSources({ [topic]: { ages } }).sources)).hasNews.get(topic);
    expect(await newsOf([])).toBeNull();
    expect(await newsOf([40_000])).toBe(false);
    expect(await newsOf([40_000, 29_000])).toBe(true);
  });
});
