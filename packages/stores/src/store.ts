import { messageOf, ServiceError, withDeadline } from '@shopstream/platform';
import type { Logger, Resource } from '@shopstream/platform';

export const storeErrorCodes = ['STORE_UNAVAILABLE'] as const;
export type StoreErrorCode = (typeof storeErrorCodes)[number];

/** A connection to a store as a resource: nothing is opened before `start`. */
export interface Store extends Resource {
  /** `'ok'`, or why the store does not answer; never throws, never takes longer than a second. */
  ready(): Promise<string>;
}

export interface StoreDeps {
  logger: Logger;
}

const readyTimeoutMs = 1_000;

/** Asks the store a trivial question for readiness. */
export async function checkReady(store: string, ask: () => Promise<unknown>): Promise<string> {
  try {
    await withDeadline(ask(), readyTimeoutMs, store);
    return 'ok';
  } catch (error) {
    return messageOf(error) || 'no answer';
  }
}

/**
 * The error of a store that cannot be reached. Of the driver's error only message and code are kept: some drivers
 * attach the command that failed, and that may be the one with the password.
 */
export function storeUnavailable(store: string, error: unknown): ServiceError<StoreErrorCode> {
  const cause = Object.assign(new Error(messageOf(error)), codeOf(error));
  return new ServiceError<StoreErrorCode>('STORE_UNAVAILABLE', `${store} does not answer`, {
    retriable: true,
    cause,
  });
}

/** What may be logged of a driver's error. */
export function describe(error: unknown): { reason: string; code?: string } {
  return { reason: messageOf(error), ...codeOf(error) };
}

function codeOf(error: unknown): { code?: string } {
  return error instanceof Error && 'code' in error ? { code: String(error.code) } : {};
}
