// A test gets worse at once and better only after a while, so that one that goes back and forth is one alert.
import type { Level, Verdict } from '@shopstream/data-tests';

export const severityOf: Readonly<Record<Level, 0 | 1 | 2>> = { pass: 0, warn: 1, error: 2 };

export interface Alert {
  level: Level;
  sinceMs: number;
  /** Since when the test has done better than its level, and the worst it has done since; null while it has not. */
  better: { level: Level; sinceMs: number } | null;
}

/** A test of which nothing is known yet. */
export const calm = (nowMs: number): Alert => ({ level: 'pass', sinceMs: nowMs, better: null });

/**
 * The alert after one more outcome.
 * @param outcome `unknown` is no outcome: time goes on, but what was known stands
 */
export function afterOutcome(
  alert: Alert,
  outcome: Verdict['outcome'],
  { nowMs, recoveryMs }: { nowMs: number; recoveryMs: number },
): Alert {
  const heard = outcome === 'unknown' ? alert.better?.level : outcome;
  if (heard === undefined) return alert;
  if (severityOf[heard] > severityOf[alert.level]) return { level: heard, sinceMs: nowMs, better: null };
  if (heard === alert.level) return alert.better === null ? alert : { ...alert, better: null };
  const better =
    alert.better === null
      ? { level: heard, sinceMs: nowMs }
      : { ...alert.better, level: worse(heard, alert.better.level) };
  if (nowMs - better.sinceMs < recoveryMs) return { ...alert, better };
  return { level: better.level, sinceMs: nowMs, better: null };
}

const worse = (a: Level, b: Level): Level => (severityOf[a] >= severityOf[b] ? a : b);
