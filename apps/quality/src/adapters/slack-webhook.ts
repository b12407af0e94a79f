import { ServiceError } from '@shopstream/platform';
import pRetry from 'p-retry';
import { request } from 'undici';

const ANSWER_TIMEOUT_MS = 5_000;
const RETRIES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

export interface Webhook {
  /**
   * Resolves when the receiver has taken the message. What may pass by itself is tried again for some 15 s: no answer, 5xx, 429.
   * @throws ServiceError without the address, which is a secret
   */
  post(text: string): Promise<void>;
}

/** @param options.onFailure called for every try that failed */
export function createSlackWebhook(
  url: string,
  { signal, onFailure }: { signal: AbortSignal; onFailure: () => void },
): Webhook {
  return {
    post: (text) =>
      pRetry(() => postOnce(url, { text, signal }), {
        retries: RETRIES,
        minTimeout: FIRST_PAUSE_MS,
        maxTimeout: LONGEST_PAUSE_MS,
        signal,
        onFailedAttempt: onFailure,
        shouldRetry: ({ error }) => error instanceof ServiceError && error.retriable,
      }),
  };
}

async function postOnce(url: string, { text, signal }: { text: string; signal: AbortSignal }): Promise<void> {
  const status = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
  }).then(
    async ({ statusCode, body }) => {
      await body.dump();
      return statusCode;
    },
    (error: unknown) => {
      throw refused(`no answer (${codeOf(error)})`, { retriable: true });
    },
  );
  if (status >= 200 && status < 300) return;
  throw refused(`status ${status}`, { retriable: status >= 500 || status === 429 || status === 408 });
}

function refused(what: string, { retriable }: { retriable: boolean }): ServiceError {
  return new ServiceError('WEBHOOK_REFUSED', `the webhook gave ${what}`, { retriable });
}

/** Messages of connection errors name the host. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'timeout';
