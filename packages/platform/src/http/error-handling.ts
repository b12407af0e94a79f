import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import type { Logger } from '../logger.ts';
import { ApiError, toEnvelope } from './api-error.ts';
import { requestIdOf } from './request-id.ts';
import { routeTemplate } from './request-metrics.ts';
import { invalidInput, toFieldIssues } from './validate.ts';

/** Answers any path that no route took. */
export const answerUnknownRoute: RequestHandler = (req) => {
  throw new ApiError('NOT_FOUND', `No such route: ${req.method} ${req.path.slice(0, 200)}`, {
    details: { field: 'path', reason: 'is not a route of this service' },
  });
};

/**
 * Refuses the other methods of a path.
 * @example router.route('/v1/events').post(body, handler).all(allowOnly('POST'));
 */
export function allowOnly(...methods: string[]): RequestHandler {
  const allowed = methods.join(', ');
  return (req) => {
    throw new ApiError('METHOD_NOT_ALLOWED', `${req.method} is not allowed here, only ${allowed}`, {
      headers: { Allow: allowed },
      details: { field: 'method', reason: `must be one of ${allowed}` },
    });
  };
}

/** Turns whatever a route threw into the error envelope. What is not the client's doing is logged and not told. */
export function answerErrors(logger: Logger): ErrorRequestHandler {
  // eslint-disable-next-line max-params -- Express knows error handlers by their four parameters
  return (thrown: unknown, req, res, next) => {
    const error = toApiError(thrown);
    if (error.status >= 500) {
      logger.error(
        { err: thrown, request_id: requestIdOf(res), method: req.method, route: routeTemplate(req) },
        'request failed',
      );
    }
    if (res.headersSent) {
      next(thrown);
      return;
    }
    sendError(res, error);
  };
}

export function sendError(res: Response, error: ApiError): void {
  res
    .status(error.status)
    .set(error.headers)
    .json(toEnvelope(error, requestIdOf(res)));
}

function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof ZodError) return invalidInput(toFieldIssues(thrown, 'body'));
  if (isHttpError(thrown)) return fromHttpError(thrown);
  return new ApiError('INTERNAL_ERROR', 'Server error', { cause: thrown });
}

/** What Express and body-parser throw. */
interface HttpError extends Error {
  status: number;
  type?: string;
  limit?: number;
}

function isHttpError(thrown: unknown): thrown is HttpError {
  return (
    thrown instanceof Error &&
    'status' in thrown &&
    Number(thrown.status) >= 400 &&
    Number(thrown.status) < 500
  );
}

function fromHttpError(error: HttpError): ApiError {
  if (error.type === 'entity.too.large') {
    const details = {
      field: 'body',
      reason: `must be at most ${error.limit ?? 0} bytes`,
      limit: error.limit,
    };
    return new ApiError('PAYLOAD_TOO_LARGE', 'Request body is too large', { details, cause: error });
  }
  if (error.status === 415) {
    const details = { field: 'Content-Encoding', reason: error.message };
    return new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Content encoding is not supported', {
      details,
      cause: error,
    });
  }
  const field = error instanceof URIError ? 'path' : 'body';
  const details = { field, reason: error.message };
  return new ApiError('INVALID_INPUT', 'Request is malformed', { details, cause: error });
}
