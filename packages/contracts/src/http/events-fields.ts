// Fields of event requests. Null and absent mean the same everywhere; every bound here keeps a row encodable.
import { z } from 'zod';

export const EVENT_LIMITS = {
  idLength: 50,
  /** Long enough for a SHA-256 in hexadecimal digits. */
  eventIdLength: 64,
  textLength: 2_048,
  labelLength: 128,
  properties: 64,
  propertyKeyLength: 64,
  propertyBytes: 2_048,
  orderLines: 500,
  batchEvents: 1_000,
} as const;

const MAX_QUANTITY = 1_000_000;

const visible = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

/** What is wrong with an id that is text already, or undefined: the same rule as the schemas', for rows by the million. */
export function findIdFlaw(id: string, maxLength: number): string | undefined {
  if (id === '') return 'must not be empty';
  if (id.length > maxLength) return `must have at most ${maxLength} characters`;
  return visible.test(id) ? undefined : 'must hold visible characters only';
}

/** Ids of events: as other ids, but up to 64 characters. */
export const eventIdSchema = z
  .union([z.string(), z.int()], { error: 'must be a string or an integer' })
  .transform(String)
  .pipe(
    z
      .string()
      .min(1, 'must not be empty')
      .max(EVENT_LIMITS.eventIdLength, `must have at most ${EVENT_LIMITS.eventIdLength} characters`)
      .regex(visible, 'must hold visible characters only'),
  );

/** Text up to `maxLength` characters; an empty one counts as absent. */
export const optionalText = (maxLength: number) =>
  z
    .string('must be a string')
    .max(maxLength, `must have at most ${maxLength} characters`)
    .transform((text) => (text === '' ? null : text))
    .nullish();

const isoTime = z.iso.datetime({ offset: true, local: true });

/** Event time in epoch milliseconds, from ISO 8601 (UTC where no offset is given) or from epoch milliseconds. */
export const eventTimeSchema = z.unknown().transform((value, ctx): number => {
  const time = typeof value === 'string' ? parseIsoTime(value) : value;
  // The range of a JavaScript date.
  if (typeof time === 'number' && Number.isInteger(time) && Math.abs(time) <= 8.64e15) return time;
  ctx.addIssue({
    code: 'custom',
    message: 'must be an ISO 8601 time such as 2025-10-22T12:00:00Z, or epoch milliseconds',
  });
  return z.NEVER;
});

function parseIsoTime(text: string): number {
  if (text.length > 40 || !isoTime.safeParse(text).success) return NaN;
  return Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
}

export const quantitySchema = z
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(MAX_QUANTITY, `must be at most ${MAX_QUANTITY}`);

/** ISO 4217, in capitals. */
export const currencySchema = z
  .string('must be a string')
  .regex(/^[A-Za-z]{3}$/, 'must be an ISO 4217 code such as EUR')
  .transform((code) => code.toUpperCase());

const CONSENT: ReadonlyMap<unknown, Consent> = new Map<unknown, Consent>([
  [true, 'granted'],
  ['true', 'granted'],
  ['granted', 'granted'],
  ['yes', 'granted'],
  ['opt_in', 'granted'],
  [false, 'denied'],
  ['false', 'denied'],
  ['denied', 'denied'],
  ['no', 'denied'],
  ['opt_out', 'denied'],
  ['unknown', 'unknown'],
]);

export type Consent = 'granted' | 'denied' | 'unknown';

export const consentSchema = z.unknown().transform((value, ctx): Consent => {
  const consent = CONSENT.get(typeof value === 'string' ? value.toLowerCase() : value);
  if (consent !== undefined) return consent;
  ctx.addIssue({ code: 'custom', message: 'must be true, false, granted, denied or unknown' });
  return z.NEVER;
});
