import { describe, expect, it } from '@jest/globals';
import { toBalanceLine } from './balance-line.ts';
import { type CollectorCounts, collectorLines, toCollectorCounts } from './collector-lines.ts';
import { createCounts } from './event-counts.ts';
import { createOnceADay } from './once-a-day.ts';
import { recountLines } from './recount-lines.ts';

const offBy = (received: number, outcomes: Record<string, number>, waiting = 0): number | null =>
  toBalanceLine({ line: 'test', received, outcomes, waiting }).off_by;

describe('a line', () => {
  it('is off by what is missing, and below zero by what is too much', () => {
    expect(offBy(10, { clean: 7, duplicates: 3 })).toBe(0);
    expect(offBy(10, { clean: 7, duplicates: 1 })).toBe(2);
    expect(offBy(10, { clean: 12 })).toBe(-2);
  });

  it('lets what is waiting have an outcome or none yet', () => {
    expect(offBy(10, { clean: 8 }, 2)).toBe(0);
    expect(offBy(10, { clean: 10 }, 2)).toBe(0);
    expect(offBy(10, { clean: 7 }, 2)).toBe(1);
    expect(offBy(10, { clean: 11 }, 2)).toBe(-1);
  });
});

describe('rows', () => {
  const count = () => {
    const counts = createCounts();
    counts.add('a', 'clickstream', 10);
    counts.add('a', 'clean', 6);
    counts.add('a', 'distinctClean', 6);
    counts.add('a', 'duplicates', 3);
    counts.add(null, 'cleaningDead');
    counts.add('b', 'clickstream');
    counts.add('b', 'signals');
    counts.add('b', 'distinctClean');
    counts.add('a', 'enriched', 6);
    counts.add('a', 'distinctEnriched', 6);
    counts.add('a', 'inSessions', 5);
    counts.add('a', 'sessionizerLate');
    counts.add('a', 'inPopularity', 4);
    counts.add('a', 'withoutProduct', 2);
    return counts;
  };
  const off = (counts: ReturnType<typeof createCounts>): Record<string, number | null> =>
    Object.fromEntries(
      recountLines(counts.total(), { namespace: null, waitingInPartials: 0 })
        .filter((line) => line.off_by !== 0)
        .map((line) => [line.line, line.off_by]),
    );

  it('are accounted for in all tenants together', () => {
    expect(off(count())).toEqual({});
    expect([...count().byNamespace().keys()]).toEqual(['a', 'b']);
  });

  it.each([
    ['lost by cleaning', 'clickstream', 'rows: clickstream = cleaning', 1],
    ['lost by popularity', 'distinctEnriched', 'rows: events once in enriched', 1],
    ['doubled in a session', 'inSessions', 'rows: enriched = sessions', -1],
  ] as const)('show what was %s', (_, name, line, by) => {
    const counts = count();
    counts.add('a', name);
    expect(off(counts)).toEqual({ [line]: by });
  });
});

it('an event counts once in a tenant within 24 hours', () => {
  const isFirst = createOnceADay();
  const event = { namespace: 'a', event_id: 'e' };
  const day = 86_400_000;
  expect([isFirst(event, 0), isFirst(event, 5), isFirst({ ...event, namespace: 'b' }, 5)]).toEqual([
    true,
    false,
    true,
  ]);
  expect([isFirst(event, day - 1), isFirst(event, day)]).toEqual([false, true]);
});

describe("the collector's counts", () => {
  const sinceMs = 101_000;
  const look = (counts: Partial<CollectorCounts> = {}): CollectorCounts => ({
    ...{ sinceMs, accepted: 3, refused: 1, unknown: 0 },
    ...counts,
  });
  const times = { received: [sinceMs - 1, sinceMs, sinceMs + 1, sinceMs + 2], refused: [sinceMs] };
  const offOf = (before: CollectorCounts, after: CollectorCounts) =>
    collectorLines({ before, after }, times).map((line) => line.off_by);

  it('are those of its rows since it was started', () => {
    expect(offOf(look(), look())).toEqual([0, 0]);
    expect(offOf(look(), look({ accepted: 5, refused: 0 }))).toEqual([0, -1]);
    expect(offOf(look({ accepted: 5 }), look({ accepted: 5 }))).toEqual([2, 0]);
  });

  it('cannot be judged when it was started anew or does not know itself what was written', () => {
    expect(offOf(look(), look({ sinceMs: 0 }))).toEqual([null, null]);
    expect(offOf(look(), look({ unknown: 1 }))).toEqual([null, null]);
    expect(toCollectorCounts([])).toBeUndefined();
  });
});
