import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@shopstream/data-tests';
import { type Standing, afterVerdict, noticeOf, toRow, toStanding } from './board.ts';
import { toMessage } from './message.ts';
import { judgeSight } from './sight.ts';

const subject = { test: 'events_schema/readable', topic: 'ecom.events-clean.v1' };
const verdictOf = (outcome: Verdict['outcome'], detail: string): Verdict => ({
  outcome,
  value: 1,
  detail,
  rowsChecked: 10,
});
const fresh = toStanding(subject, undefined, 0);
const hear = (standing: Standing, verdict: Verdict, nowMs = 10) =>
  afterVerdict(standing, verdict, { nowMs, recoveryMs: 0 });
const failed = hear(fresh, verdictOf('error', '1 of 10 rows'));

describe('a standing', () => {
  it('comes back from its row as it was', () => {
    const restored = toStanding(subject, toRow(failed), 99);
    expect(restored.alert).toEqual(failed.alert);
    expect(noticeOf(restored, 'warn')).toEqual(noticeOf(failed, 'warn'));
  });

  it('whose row has a level that nobody knows is new', () => {
    const row = { ...toRow(failed), level: 'catastrophe' };
    expect(toStanding(subject, row, 99)).toEqual(toStanding(subject, undefined, 99));
  });

  it('keeps what was wrong while it is open, whatever is not known', () => {
    expect(hear(failed, verdictOf('unknown', 'no rows')).verdict.detail).toBe('1 of 10 rows');
    expect(hear(failed, verdictOf('error', '2 of 10 rows')).verdict.detail).toBe('2 of 10 rows');
    expect(hear(failed, verdictOf('pass', '10 rows checked')).verdict.detail).toBe('10 rows checked');
  });
});

describe('a message', () => {
  it('is due when the level is not the one that was told, and only then', () => {
    expect(noticeOf(fresh, 'warn')).toBeNull();
    expect(noticeOf(failed, 'warn')).toMatchObject({ level: 'error', was: 'pass' });
    const told: Standing = { ...failed, notified: 'error' };
    expect(noticeOf(told, 'warn')).toBeNull();
    expect(noticeOf(hear(told, verdictOf('pass', 'fine')), 'warn')).toMatchObject({
      level: 'pass',
      was: 'error',
    });
  });

  it('of a warning is none for those who asked for errors only; falling to a warning is a recovery to them', () => {
    const warned = hear(fresh, verdictOf('warn', 'slow'));
    expect(noticeOf(warned, 'error')).toBeNull();
    expect(noticeOf({ ...warned, notified: 'error' }, 'error')).toMatchObject({
      level: 'pass',
      was: 'error',
    });
  });

  it('says what, where, since when and what to do, with markup taken for text', () => {
    const notice = noticeOf(hear(fresh, verdictOf('error', 'a <b> & c')), 'warn');
    expect(notice && toMessage(notice)).toBe(
      '*ERROR* events_schema/readable of ecom.events-clean.v1: a &lt;b&gt; &amp; c. Since 1970-01-01T00:00:00.010Z.' +
        '\nWhat to do: docs/runbooks/a-data-test-fails.md',
    );
  });
});

describe('sight', () => {
  it.each([
    [0, 'pass'],
    [40_000, 'pass'],
    [40_001, 'warn'],
    [130_000, 'warn'],
    [130_001, 'error'],
  ])('of %d ms without a look is of level %s', (blindMs, level) => {
    expect(judgeSight(1_000, 1_000 + blindMs, 10_000).outcome).toBe(level);
  });
});
