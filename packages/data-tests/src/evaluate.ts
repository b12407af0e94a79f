import type { DataTest, FlowCheck, RowCheck } from './checks.ts';
import type { Measurements, SampledRow, Verdict, Waiting } from './measurements.ts';

/** Places of bad rows that a verdict names. */
const NAMED_PLACES = 3;

/** The verdict of one test. Pure: the same measurements give the same verdict. */
export function evaluate(test: DataTest, measured: Measurements): Verdict {
  switch (test.check) {
    case 'readable':
    case 'not_null':
    case 'accepted_values':
    case 'range':
      return judgeRows(test, measured.rows.get(test.topic) ?? []);
    case 'max_lag':
      return judgeLag(test, measured);
    case 'throughput':
      return judgeThroughput(test, measured);
    case 'silence':
      return judgeSilence(test, measured);
    case 'staleness':
      return judgeStaleness(test, measured);
  }
}

/** Whether a row keeps a rule. A row that cannot be read breaks only `readable`; null breaks only `not_null`. */
export function isKept(check: RowCheck, row: SampledRow['row']): boolean {
  if (row === null) return check.check !== 'readable';
  if (check.check === 'readable') return true;
  const value = row[check.column];
  switch (check.check) {
    case 'not_null':
      return value !== null && value !== undefined && !(typeof value === 'string' && value.trim() === '');
    case 'accepted_values':
      return isNone(value) || (typeof value === 'string' && check.values.includes(value));
    case 'range':
      return isNone(value) || (typeof value === 'number' && value >= check.min && value <= check.max);
  }
}

const isNone = (value: unknown): boolean => value === null || value === undefined;

function judgeRows(check: RowCheck, rows: readonly SampledRow[]): Verdict {
  const judged = check.check === 'readable' ? rows : rows.filter(({ row }) => row !== null);
  const rowsChecked = judged.length;
  if (rowsChecked === 0)
    return { outcome: 'unknown', value: null, detail: 'no rows since the last check', rowsChecked };
  const bad = judged.filter(({ row }) => !isKept(check, row));
  if (bad.length === 0)
    return { outcome: 'pass', value: 0, detail: `${countOf(rowsChecked)} checked`, rowsChecked };
  const places = bad
    .slice(0, NAMED_PLACES)
    .map(({ partition, offset }) => `${partition}:${offset.toString()}`);
  const more = bad.length > NAMED_PLACES ? ', …' : '';
  const detail = `${bad.length} of ${countOf(rowsChecked)} ${ruleOf(check)} (partition:offset ${places.join(', ')}${more})`;
  return { outcome: 'error', value: bad.length, detail, rowsChecked };
}

function ruleOf(check: RowCheck): string {
  switch (check.check) {
    case 'readable':
      return 'cannot be read by the schema';
    case 'not_null':
      return `have no ${check.column}`;
    case 'accepted_values':
      return `have another ${check.column} than ${check.values.join(', ')}`;
    case 'range': {
      const bounds = [
        ...(check.min > -Infinity ? [`below ${check.min}`] : []),
        ...(check.max < Infinity ? [`above ${check.max}`] : []),
      ];
      return `have a ${check.column} ${bounds.join(' or ')}`;
    }
  }
}

function judgeLag(check: Extract<FlowCheck, { check: 'max_lag' }>, measured: Measurements): Verdict {
  const waiting = waitingOf(check, measured);
  if (waiting === undefined) return unmeasured;
  const isLate = (waiting.oldestMs ?? 0) > check.limitMs;
  return toWaitVerdict(waiting, isLate ? 'error' : 'pass');
}

function judgeStaleness(check: Extract<FlowCheck, { check: 'staleness' }>, measured: Measurements): Verdict {
  const waiting = waitingOf(check, measured);
  if (waiting === undefined) return unmeasured;
  const ageMs = waiting.oldestMs ?? 0;
  const isStale = ageMs > check.warnAfterMs;
  return toWaitVerdict(waiting, ageMs > check.errorAfterMs ? 'error' : isStale ? 'warn' : 'pass');
}

const waitingOf = (
  { group, source }: Pick<Waiting, 'group' | 'source'>,
  { waiting }: Measurements,
): Waiting | undefined => waiting.find((one) => one.group === group && one.source === source);

function toWaitVerdict({ group, source, oldestMs, at }: Waiting, outcome: Verdict['outcome']): Verdict {
  if (oldestMs === null || at === null)
    return { outcome, value: 0, detail: `${group} keeps up with ${source}`, rowsChecked: 0 };
  const seconds = Math.round(oldestMs / 1_000);
  const place = `${at.partition}:${at.offset.toString()}`;
  const detail = `a row of ${source} has waited ${seconds} s for ${group} (partition:offset ${place})`;
  return { outcome, value: seconds, detail, rowsChecked: 0 };
}

function judgeThroughput(
  check: Extract<FlowCheck, { check: 'throughput' }> & { topic: DataTest['topic'] },
  { perMinute }: Measurements,
): Verdict {
  const offered = perMinute.get(check.source);
  if (offered === undefined) return unmeasured;
  if (offered === null) return neverUsed;
  const value = perMinute.get(check.topic) ?? 0;
  const detail = `${value} rows in the last minute, ${offered} in ${check.source}; ${check.minPerMinute} are expected`;
  if (value >= check.minPerMinute) return { outcome: 'pass', value, detail, rowsChecked: 0 };
  const isLost = value === 0 && offered >= check.minPerMinute;
  return { outcome: isLost ? 'error' : 'warn', value, detail, rowsChecked: 0 };
}

function judgeSilence(
  check: Extract<FlowCheck, { check: 'silence' }> & { topic: DataTest['topic'] },
  { hasNews }: Measurements,
): Verdict {
  const isAlive = hasNews.get(check.topic);
  if (isAlive === undefined) return unmeasured;
  const limit = check.warnAfterMs / 1_000;
  if (isAlive === null) return neverUsed;
  return isAlive
    ? { outcome: 'pass', value: 0, detail: `has rows of the last ${limit} s`, rowsChecked: 0 }
    : { outcome: 'warn', value: limit, detail: `no row for more than ${limit} s`, rowsChecked: 0 };
}

const unmeasured: Verdict = { outcome: 'unknown', value: null, detail: 'not measured', rowsChecked: 0 };

const neverUsed: Verdict = { ...unmeasured, detail: 'never had a row' };

const countOf = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);
