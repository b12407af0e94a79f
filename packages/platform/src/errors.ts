/**
 * A failure whose kind the caller may decide on. Packages declare their codes as a const tuple:
 * `const codes = ['STORE_UNAVAILABLE'] as const; new ServiceError<(typeof codes)[number]>('STORE_UNAVAILABLE', 'no answer', { retriable: true, cause })`.
 * Wrap once, where the context is known.
 */
export class ServiceError<Code extends string = string> extends Error {
  override readonly name = 'ServiceError';
  readonly code: Code;
  /** Whether the same call may succeed later without a change. */
  readonly retriable: boolean;

  constructor(code: Code, message: string, options: { retriable: boolean; cause?: unknown }) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retriable = options.retriable;
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
