// Prices are decimals with two digits; sums are exact because they are whole cents.

/** @param price decimal text with two digits behind the point, as rows carry it */
export const toCents = (price: string): bigint => BigInt(price.replace('.', ''));

export const centsText = (cents: bigint): string => withPoint(cents, 2);

/** Mean of `count` prices, rounded half up to six digits. Prices are not negative. */
export function averageText(sumCents: bigint, count: number): string {
  const divisor = BigInt(count);
  const micros = (2n * sumCents * 10_000n + divisor) / (2n * divisor);
  return withPoint(micros, 6);
}

function withPoint(integer: bigint, scale: number): string {
  const digits = integer.toString().padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
