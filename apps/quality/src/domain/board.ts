// Where every test stands, and which level people were told of. It has one entry a test, whatever happens: messages that are due are
// not queued, they follow from the difference.
import type { QualityResult } from '@shopstream/contracts';
import type { Level, Verdict } from '@shopstream/data-tests';
import { type Alert, afterOutcome, calm, severityOf } from './alert.ts';

export interface Standing {
  readonly test: string;
  readonly topic: string;
  readonly alert: Alert;
  /** What it said last. */
  readonly verdict: Verdict;
  readonly checkedMs: number;
  /** Level of the last message; `pass` before the first. */
  readonly notified: Level;
}

/** A message that is due. */
export interface Notice {
  test: string;
  topic: string;
  level: Level;
  /** The level before it. */
  was: Level;
  sinceMs: number;
  detail: string;
}

const RESTORED: Verdict = { outcome: 'unknown', value: null, detail: 'not checked yet', rowsChecked: 0 };

/** A test as its last row left it, or as new. A row whose level nobody knows any more counts as none. */
export function toStanding(
  { test, topic }: Pick<Standing, 'test' | 'topic'>,
  row: QualityResult | undefined,
  nowMs: number,
): Standing {
  const level = toLevel(row?.level);
  const notified = toLevel(row?.notified);
  const known = row !== undefined && level !== undefined && notified !== undefined;
  return {
    test,
    topic,
    alert: known ? { level, sinceMs: row.since, better: null } : calm(nowMs),
    verdict: known ? { ...RESTORED, detail: row.detail } : RESTORED,
    checkedMs: nowMs,
    notified: known ? notified : 'pass',
  };
}

/** The standing after one more verdict. What is not known any better keeps the last detail that told something. */
export function afterVerdict(
  standing: Standing,
  verdict: Verdict,
  { nowMs, recoveryMs }: { nowMs: number; recoveryMs: number },
): Standing {
  const alert = afterOutcome(standing.alert, verdict.outcome, { nowMs, recoveryMs });
  const isOpen = alert.level !== 'pass' && alert.level === standing.alert.level;
  const detail = isOpen && verdict.outcome !== alert.level ? standing.verdict.detail : verdict.detail;
  return { ...standing, alert, verdict: { ...verdict, detail }, checkedMs: nowMs };
}

/** The message that is due, if any. Levels below `alertLevel` are `pass` to people. */
export function noticeOf(standing: Standing, alertLevel: 'warn' | 'error'): Notice | null {
  const { test, topic, alert, verdict, notified } = standing;
  const level = severityOf[alert.level] < severityOf[alertLevel] ? 'pass' : alert.level;
  if (level === notified) return null;
  return { test, topic, level, was: notified, sinceMs: alert.sinceMs, detail: verdict.detail };
}

export const toRow = ({ test, topic, alert, verdict, checkedMs, notified }: Standing): QualityResult => ({
  test,
  topic,
  level: alert.level,
  since: alert.sinceMs,
  checked_at: checkedMs,
  value: verdict.value,
  detail: verdict.detail,
  rows_checked: verdict.rowsChecked,
  notified,
});

function toLevel(text: string | undefined): Level | undefined {
  return text === 'pass' || text === 'warn' || text === 'error' ? text : undefined;
}
