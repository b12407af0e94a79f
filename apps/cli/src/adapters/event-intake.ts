// Batches of events over HTTP. A batch whose answer never came is sent again as it was: event ids make that harmless.
import { setTimeout as delay } from 'node:timers/promises';
import { type EventBatchResult, type EventResult } from '@shopstream/contracts';
import { messageOf, ServiceError } from '@shopstream/platform';
import { Agent, request } from 'undici';

export interface EventIntake {
  /**
   * One result per event, in their order. Waits and sends again while the platform is away or overloaded.
   * @throws ServiceError when it stays so for `giveUpAfterMs`, or when there is no such API at the address
   */
  send(events: readonly object[]): Promise<readonly EventResult[]>;
  /** Requests sent again so far. */
  retries(): number;
  close(): Promise<void>;
}

export interface EventIntakeOptions {
  gateway: string;
  namespace?: string | undefined;
  signal: AbortSignal;
  /** Told once for each time that the platform stops answering. */
  onTrouble: (reason: string) => void;
  giveUpAfterMs?: number;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 30_000;
const OVERLOADED = 429;
const TOO_LARGE = 413;

type Answer =
  | { kind: 'results'; results: EventResult[] }
  | { kind: 'tooLarge' }
  | { kind: 'again'; reason: string; waitMs: number };

export function createEventIntake(options: EventIntakeOptions): EventIntake {
  const { gateway, namespace, signal, giveUpAfterMs = 300_000 } = options;
  const agent = new Agent({
    keepAliveTimeout: 30_000,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  let retries = 0;

  async function ask(body: string, count: number): Promise<Answer> {
    try {
      const response = await request(`${gateway}/v1/events:batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        dispatcher: agent,
      });
      const retryAfterMs = Number(response.headers['retry-after'] ?? 0) * 1_000 || 0;
      return toAnswer({ status: response.statusCode, text: await response.body.text(), retryAfterMs }, count);
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      return { kind: 'again', reason: messageOf(error) || 'no connection', waitMs: 0 };
    }
  }

  async function send(events: readonly object[]): Promise<readonly EventResult[]> {
    const body = JSON.stringify({ ...(namespace !== undefined && { namespace }), events });
    const deadline = Date.now() + giveUpAfterMs;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await ask(body, events.length);
      if (answer.kind === 'results') return answer.results;
      if (answer.kind === 'tooLarge') return sendHalves(events);
      if (attempt === 0) options.onTrouble(answer.reason);
      if (Date.now() > deadline || signal.aborted) throw unavailable(gateway, answer.reason);
      retries += 1;
      const waitMs = Math.max(answer.waitMs, Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS));
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async function sendHalves(events: readonly object[]): Promise<readonly EventResult[]> {
    if (events.length === 1) {
      return [
        {
          index: 0,
          status: 'refused',
          event_id: null,
          code: 'PAYLOAD_TOO_LARGE',
          field: 'event',
          reason: 'is too large',
        },
      ];
    }
    const middle = Math.ceil(events.length / 2);
    const first = await send(events.slice(0, middle));
    return [...first, ...(await send(events.slice(middle)))];
  }

  return { send, retries: () => retries, close: () => agent.close() };
}

function toAnswer(response: { status: number; text: string; retryAfterMs: number }, count: number): Answer {
  const { status, text, retryAfterMs } = response;
  if (status === TOO_LARGE) return { kind: 'tooLarge' };
  if (status === OVERLOADED || status >= 500)
    return { kind: 'again', reason: `status ${status}`, waitMs: retryAfterMs };
  const { results } = parseAnswer(text);
  if (results?.length === count) return { kind: 'results', results };
  throw new ServiceError('REFUSED', `the whole batch was refused with ${status}: ${text.slice(0, 300)}`, {
    retriable: false,
  });
}

function parseAnswer(text: string): Partial<EventBatchResult> {
  try {
    return JSON.parse(text) as Partial<EventBatchResult>;
  } catch {
    return {};
  }
}

function unavailable(gateway: string, reason: string): ServiceError {
  return new ServiceError(
    'UNAVAILABLE',
    `${gateway} does not take events (${reason}); \`shopstream doctor\` looks for the cause`,
    {
      retriable: true,
    },
  );
}
