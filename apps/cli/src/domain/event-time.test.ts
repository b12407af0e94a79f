import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shiftTime, timeOf, toIsoText } from './event-time.ts';

describe('times of events in files', () => {
  it.each([
    ['2010-12-01 08:26:00', '2010-12-01T08:26:00Z'],
    ['2019-10-01 00:00:00 UTC', '2019-10-01T00:00:00Z'],
    ['2010-12-01T08:26', '2010-12-01T08:26:00Z'],
    ['2010-12-01T08:26:00+02:00', '2010-12-01T08:26:00+02:00'],
    ['12/1/10', '12/1/10'],
  ])('%s is read as %s', (text, iso) => expect(toIsoText(text)).toBe(iso));

  it('count as UTC where no zone is given', () => {
    expect(timeOf({ timestamp: '2010-12-01T08:26:00' })).toBe(Date.UTC(2010, 11, 1, 8, 26));
    expect(timeOf({ ts: '2010-12-01' })).toBe(Date.UTC(2010, 11, 1));
    expect(timeOf({ timestamp: 1_000 })).toBe(1_000);
    expect(timeOf({ timestamp: 'soon' })).toBeUndefined();
  });

  it('keep their distances when moved', () => {
    const time = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(time, time, fc.integer({ min: -1e12, max: 1e12 }), (first, second, byMs) => {
        const [a, b] = [first, second].map((at) =>
          timeOf(shiftTime({ ts: new Date(at).toISOString() }, byMs)),
        );
        return a === first + byMs && b === second + byMs;
      }),
    );
  });
});
