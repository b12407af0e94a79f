// Hands requests on as they are, byte by byte. A request is sent once: after a failure nobody can tell whether the events were
// taken, and only the client knows that it may send them again (event ids make that harmless).
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { ApiError } from '@shopstream/platform';
import { Pool } from 'undici';
import type { Resource } from '@shopstream/platform';

export interface ForwardedAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Readable;
}

export interface Forwarder extends Resource {
  /**
   * @param options.clientAddress goes to the end of X-Forwarded-For
   * @throws ApiError PAYLOAD_TOO_LARGE, or SERVICE_UNAVAILABLE when there is no answer
   */
  forward(
    request: IncomingMessage & { originalUrl: string },
    options: { clientAddress: string; requestId: string; signal: AbortSignal },
  ): Promise<ForwardedAnswer>;
}

const connections = 256;
const connectTimeoutMs = 1_000;
/** Longer than ingestion takes to give up on Kafka, so that its own answer comes first. */
const answerTimeoutMs = 30_000;
/** They belong to one connection, or are set anew. */
const droppedHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
]);

export function createForwarder({ url, maxBodyBytes }: { url: string; maxBodyBytes: number }): Forwarder {
  const { origin, pathname } = new URL(url);
  const basePath = pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  });

  return {
    name: 'forwarder',
    start: async () => {},
    stop: () => pool.close(),
    async forward(request, { clientAddress, requestId, signal }) {
      if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
      // Its own stream: undici destroys the body of an aborted request, and the client still has to get its answer.
      const body = request.pipe(limitBytes(maxBodyBytes));
      try {
        const answer = await pool.request({
          method: 'POST',
          path: `${basePath}${request.originalUrl}`,
          headers: { ...toForwardedHeaders(request.headers, clientAddress), 'x-request-id': requestId },
          body,
          signal,
        });
        return { status: answer.statusCode, headers: endToEnd(answer.headers), body: answer.body };
      } catch (error) {
        throw body.errored instanceof ApiError ? body.errored : unavailable(error);
      }
    },
  };
}

function toForwardedHeaders(
  headers: IncomingHttpHeaders,
  clientAddress: string,
): Record<string, string | string[]> {
  const before = headers['x-forwarded-for'];
  const forwardedFor = [before ?? [], clientAddress].flat().join(', ');
  return { ...endToEnd(headers), 'x-forwarded-for': forwardedFor };
}

function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(
      (header): header is [string, string | string[]] =>
        header[1] !== undefined && !droppedHeaders.has(header[0]) && !named.has(header[0]),
    ),
  );
}

function limitBytes(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}

function tooLarge(maxBytes: number): ApiError {
  const details = { field: 'body', reason: `must be at most ${maxBytes} bytes`, limit: maxBytes };
  // What is left of the body is not read, so the connection cannot go on.
  return new ApiError('PAYLOAD_TOO_LARGE', 'Request body is too large', {
    details,
    headers: { Connection: 'close' },
  });
}

function unavailable(cause: unknown): ApiError {
  return new ApiError('SERVICE_UNAVAILABLE', 'Events cannot be taken right now, send them again', {
    headers: { 'Retry-After': '1' },
    cause,
  });
}
