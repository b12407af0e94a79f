import { messageOf, ServiceError } from '@shopstream/platform';

export const catalogErrorCodes = ['DATABASE_UNAVAILABLE'] as const;
type CatalogErrorCode = (typeof catalogErrorCodes)[number];

/** SQLSTATE classes that say something of the server's state, not of the statement. */
const outageClasses = new Set(['08', '25', '40', '53', '55', '57', '58']);
const clientOutage =
  /^(connection terminated|connection ended|timeout exceeded|query read timeout|client has )/i;

/** Runs a query; an outage becomes a retriable error, a statement that is wrong stays the bug that it is. */
export async function orUnavailable<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (cause) {
    if (!isOutage(cause)) throw cause;
    throw new ServiceError<CatalogErrorCode>('DATABASE_UNAVAILABLE', `PostgreSQL: ${messageOf(cause)}`, {
      retriable: true,
      cause,
    });
  }
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if ('severity' in error) return outageClasses.has(code.slice(0, 2));
  return /^E[A-Z]+$/.test(code) || clientOutage.test(error.message);
}
