import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settleClock } from './settle-clock.ts';

const receivedAt = Date.UTC(2026, 0, 5, 12);
const minute = 60_000;
const hour = 60 * minute;

describe('settleClock', () => {
  it.each([
    { what: 'no time', sent: undefined, timestamp: 0, clock: 'assigned' },
    { what: 'a past time', sent: -hour, timestamp: -hour, clock: 'client' },
    {
      what: 'a time long past',
      sent: -10 * 365 * 24 * hour,
      timestamp: -10 * 365 * 24 * hour,
      clock: 'client',
    },
    { what: 'now', sent: 0, timestamp: 0, clock: 'client' },
    { what: 'a moment ahead', sent: 1, timestamp: 0, clock: 'clamped' },
    { what: 'five minutes ahead', sent: 5 * minute, timestamp: 0, clock: 'clamped' },
    { what: 'a day ahead', sent: 24 * hour, timestamp: 0, clock: 'clamped' },
  ])('$what: $clock', ({ sent, timestamp, clock }) => {
    const times = { sent: sent === undefined ? undefined : receivedAt + sent, sentAt: undefined, receivedAt };
    expect(settleClock(times)).toEqual({ ok: true, timestamp: receivedAt + timestamp, clock });
  });

  it.each([
    {
      what: 'a slow clock',
      skew: -2 * hour,
      sent: -2 * hour - minute,
      timestamp: -minute,
      clock: 'corrected',
    },
    { what: 'a fast clock', skew: 2 * hour, sent: 2 * hour - minute, timestamp: -minute, clock: 'corrected' },
    { what: 'a clock a minute off', skew: -minute, sent: -minute, timestamp: -minute, clock: 'client' },
    {
      what: 'a clock just over a minute off',
      skew: -minute - 1,
      sent: -minute - 1,
      timestamp: 0,
      clock: 'corrected',
    },
    { what: 'an event after its own sending', skew: -2 * hour, sent: -hour, timestamp: 0, clock: 'clamped' },
  ])('$what with the time of sending: $clock', ({ skew, sent, timestamp, clock }) => {
    const times = { sent: receivedAt + sent, sentAt: receivedAt + skew, receivedAt };
    expect(settleClock(times)).toEqual({ ok: true, timestamp: receivedAt + timestamp, clock });
  });

  it.each([
    { what: 'more than a day ahead', sent: receivedAt + 24 * hour + 1, reason: 'timestamp_too_late' },
    { what: 'the last moment of 1999', sent: Date.UTC(2000, 0, 1) - 1, reason: 'timestamp_too_early' },
    { what: 'the beginning of time', sent: 0, reason: 'timestamp_too_early' },
  ])('$what is refused', ({ sent, reason }) => {
    expect(settleClock({ sent, sentAt: undefined, receivedAt })).toMatchObject({ ok: false, reason });
  });

  it('corrects a clock that started in 1970', () => {
    expect(settleClock({ sent: 5_000, sentAt: 6_000, receivedAt })).toEqual({
      ok: true,
      timestamp: receivedAt - 1_000,
      clock: 'corrected',
    });
  });

  const anyTime = fc.integer({ min: -8.64e15, max: 8.64e15 });

  it('never lets an event be ahead of its receipt, or before the year 2000', () => {
    fc.assert(
      fc.property(
        fc.option(anyTime, { nil: undefined }),
        fc.option(anyTime, { nil: undefined }),
        (sent, sentAt) => {
          const time = settleClock({ sent, sentAt, receivedAt });
          if (!time.ok) return;
          expect(time.timestamp).toBeLessThanOrEqual(receivedAt);
          expect(time.timestamp).toBeGreaterThanOrEqual(Date.UTC(2000, 0, 1));
        },
      ),
    );
  });

  it('places an event the same, however wrong the clock is that measured it', () => {
    const skews = fc.integer({ min: -50 * 365 * 24 * hour, max: 50 * 365 * 24 * hour });
    fc.assert(
      fc.property(skews, fc.nat(hour), (skew, age) => {
        fc.pre(Math.abs(skew) > minute);
        const time = settleClock({ sent: receivedAt + skew - age, sentAt: receivedAt + skew, receivedAt });
        expect(time).toEqual({ ok: true, timestamp: receivedAt - age, clock: 'corrected' });
      }),
    );
  });
});
