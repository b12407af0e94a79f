import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@shopstream/data-tests';
import * as fc from 'fast-check';
import { type Alert, afterOutcome, calm, severityOf } from './alert.ts';

type Outcome = Verdict['outcome'];
const recoveryMs = 60;

/** Levels after each outcome; outcomes are ten milliseconds apart. */
function play(outcomes: readonly Outcome[], from: Alert = calm(0)): Alert[] {
  let alert = from;
  return outcomes.map(
    (outcome, index) => (alert = afterOutcome(alert, outcome, { nowMs: (index + 1) * 10, recoveryMs })),
  );
}

const levelsOf = (alerts: readonly Alert[]) => alerts.map(({ level }) => level);
const anyOutcomes = fc.array(fc.constantFrom<Outcome>('pass', 'warn', 'error', 'unknown'));

describe('an alert', () => {
  it('gets worse at once', () => {
    expect(levelsOf(play(['pass', 'warn', 'error']))).toEqual(['pass', 'warn', 'error']);
  });

  it('gets better when it has done better for long enough', () => {
    const alerts = play(['error', ...Array.from({ length: 7 }, () => 'pass' as const)]);
    expect(levelsOf(alerts)).toEqual([...Array.from({ length: 7 }, () => 'error'), 'pass']);
    expect(alerts.at(-1)).toEqual({ level: 'pass', sinceMs: 80, better: null });
  });

  it('that goes back and forth stays one alert', () => {
    const backAndForth = Array.from({ length: 40 }, (_, k) => (k % 4 === 0 ? 'error' : 'pass'));
    expect(new Set(levelsOf(play(backAndForth)))).toEqual(new Set(['error']));
  });

  it('falls to the worst level of the time in which it did better', () => {
    const outcomes = ['error', 'pass', 'warn', 'pass', 'pass', 'pass', 'pass', 'pass'] as const;
    expect(levelsOf(play(outcomes)).at(-1)).toBe('warn');
  });

  it('stays where it is without evidence, and recovers by the clock once there was some', () => {
    const silence = Array.from({ length: 20 }, () => 'unknown' as const);
    expect(new Set(levelsOf(play(['error', ...silence])))).toEqual(new Set(['error']));
    expect(levelsOf(play(['error', 'pass', ...silence])).at(-1)).toBe('pass');
  });

  it('is never below an outcome that was just heard', () => {
    fc.assert(
      fc.property(anyOutcomes, (outcomes) => {
        play(outcomes).forEach(({ level }, index) => {
          const heard = outcomes[index] ?? 'unknown';
          if (heard !== 'unknown') expect(severityOf[level]).toBeGreaterThanOrEqual(severityOf[heard]);
        });
      }),
    );
  });

  it('gets better only when nothing that bad was heard for as long as a recovery takes', () => {
    fc.assert(
      fc.property(anyOutcomes, (outcomes) => {
        const alerts = [calm(0), ...play(outcomes)];
        alerts.slice(1).forEach(({ level }, index) => {
          const before = alerts[index]?.level ?? 'pass';
          if (severityOf[level] >= severityOf[before]) return;
          const during = outcomes.slice(Math.max(0, index - recoveryMs / 10), index + 1);
          const worst = Math.max(
            ...during.map((outcome) => (outcome === 'unknown' ? 0 : severityOf[outcome])),
          );
          expect(worst).toBeLessThanOrEqual(severityOf[level]);
        });
      }),
    );
  });

  it('of outcomes that are all alike has their level from the first one on', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Outcome>('pass', 'warn', 'error'),
        fc.integer({ min: 1, max: 30 }),
        (outcome, count) => {
          const alerts = play(Array.from({ length: count }, () => outcome));
          expect(new Set(levelsOf(alerts))).toEqual(new Set([outcome]));
        },
      ),
    );
  });
});
