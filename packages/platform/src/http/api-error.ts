/** Every error code of the API and its HTTP status. Codes are added here, never changed. */
export const apiErrorStatus = {
  INVALID_INPUT: 400,
  INVALID_USER_ID: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const;

export type ApiErrorCode = keyof typeof apiErrorStatus;

/** `field` names the input, `reason` says what is wrong with it; more keys where a code defines them. */
export type ErrorDetails = Readonly<Record<string, unknown>> & { field?: string; reason?: string };

/**
 * What a client is told. Thrown anywhere below a route; the service answers with the status of its code.
 * @example throw new ApiError('NOT_FOUND', 'Item not found', { details: { field: 'item_id', reason: 'no such item' } });
 * @example throw new ApiError('SERVICE_UNAVAILABLE', 'Try again', { headers: { 'Retry-After': '1' }, cause: error });
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly details: ErrorDetails | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ApiErrorCode,
    message: string,
    options: { details?: ErrorDetails; headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.status = apiErrorStatus[code];
    this.details = options.details;
    this.headers = options.headers ?? {};
  }
}

/** The body of every error response. */
export interface ErrorEnvelope {
  error: { code: ApiErrorCode; message: string; details?: ErrorDetails; request_id: string };
}

export function toEnvelope(error: ApiError, requestId: string): ErrorEnvelope {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.details && { details: error.details }),
      request_id: requestId,
    },
  };
}
