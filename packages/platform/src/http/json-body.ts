import express from 'express';
import type { Request, RequestHandler } from 'express';
import { parse as locateErrors, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import secureJson from 'secure-json-parse';
import { ApiError } from './api-error.ts';

const rawBodies = new WeakMap<Request, Buffer>();

/**
 * Reads a JSON body, whatever its content type: malformed JSON, invalid UTF-8 and bodies over the limit are
 * refused with the reason; `__proto__` keys are removed. Puts the value into `req.body`.
 * @param limitBytes counted after decompression
 * @example router.post('/v1/events', jsonBody({ limitBytes: 65_536 }), route(handleEvent));
 */
export function jsonBody({ limitBytes }: { limitBytes: number }): RequestHandler {
  const readBytes = express.raw({ type: () => true, limit: limitBytes });
  return (req, res, next) => {
    readBytes(req, res, (error?: unknown) => {
      if (error !== undefined) {
        next(error);
        return;
      }
      try {
        requireUtf8Charset(req.headers['content-type']);
        const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
        rawBodies.set(req, bytes);
        req.body = parseJson(bytes);
        next();
      } catch (refusal) {
        next(refusal);
      }
    });
  };
}

/** The bytes that `jsonBody` parsed, as they were sent (after decompression). */
export function rawBodyOf(req: Request): Buffer {
  const bytes = rawBodies.get(req);
  if (!bytes) throw new Error('rawBodyOf needs jsonBody on the route');
  return bytes;
}

/**
 * Parses JSON bytes strictly.
 * @throws ApiError INVALID_INPUT with field `body` and the reason, for malformed JSON with its position
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw badBody('the body is empty');
  const text = decodeUtf8(bytes);
  try {
    return secureJson.parse(text, null, { protoAction: 'remove', constructorAction: 'remove' });
  } catch (error) {
    throw badBody(describeSyntaxError(text), error);
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw badBody('the body is not valid UTF-8', error);
  }
}

function requireUtf8Charset(contentType: string | undefined): void {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(contentType ?? '')?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw badBody(`charset ${charset.slice(0, 40)} is not supported, only UTF-8 is`);
  }
}

function describeSyntaxError(text: string): string {
  const first = locateFirstError(text);
  if (!first) return 'malformed JSON';
  const before = text.slice(0, first.offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const what = printParseErrorCode(first.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return `malformed JSON: ${what} at position ${first.offset} (line ${before.length}, column ${column})`;
}

function locateFirstError(text: string): ParseError | undefined {
  const errors: ParseError[] = [];
  try {
    locateErrors(text, errors, { disallowComments: true });
  } catch (error) {
    // The locator is recursive, unlike JSON.parse: nesting that is deep enough overflows its stack.
    if (!(error instanceof RangeError)) throw error;
  }
  return errors[0];
}

function badBody(reason: string, cause?: unknown): ApiError {
  return new ApiError('INVALID_INPUT', 'Request body is invalid', {
    details: { field: 'body', reason },
    cause,
  });
}
