import { InvalidArgumentError } from 'commander';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time as an option's value, in epoch milliseconds: ISO 8601, or so long ago as `30m`, `24h`, `7d`. */
export function parseTime(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Date.now() - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  const isIso = /^\d{4}-\d\d-\d\d/.test(text);
  const time = isIso
    ? Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) || text.length === 10 ? text : `${text}Z`)
    : NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError(
    'It must be a time such as 2026-01-05T12:00:00Z, or so long ago as 30m, 24h, 7d.',
  );
}
