import { z } from 'zod';

const MAX_CENTS = 999_999_999_999n;
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;
const TOO_MUCH = 'must be at most 9999999999.99';

/**
 * A price as a number or as decimal text, rounded half up to two digits; gives text such as `"12.30"`. A number counts as
 * the digits it is written with: 1.005 is 1.01, though the nearest double is smaller.
 */
export const priceSchema = z
  .union([z.string(), z.number()], { error: 'must be a number or decimal text' })
  .transform((value, context) => {
    const price = toPrice(typeof value === 'number' ? toDigits(value) : value.trim());
    if ('text' in price) return price.text;
    context.addIssue(price.reason);
    return z.NEVER;
  });

function toPrice(digits: string): { text: string } | { reason: string } {
  if (/^-[\d.]+$/.test(digits)) return { reason: 'must not be negative' };
  const [, whole, fraction = ''] = DECIMAL.exec(digits) ?? [];
  if (whole === undefined) return { reason: 'must be a decimal number such as 12.30' };
  const thousandths = BigInt(whole + fraction.padEnd(3, '0').slice(0, 3));
  const cents = (thousandths + 5n) / 10n;
  if (cents > MAX_CENTS) return { reason: TOO_MUCH };
  const text = cents.toString().padStart(3, '0');
  return { text: `${text.slice(0, -2)}.${text.slice(-2)}` };
}

/** Without exponent, which `String` uses for very small and very great numbers. */
function toDigits(value: number): string {
  return Math.abs(value) < 1e-6 || Math.abs(value) >= 1e21 ? value.toFixed(20) : String(value);
}
