import { setTimeout as delay } from 'node:timers/promises';
import { eventAt, originalOf, toRequest } from './shop.ts';

/** Events of one wave are under way together; the next waits for all of them, so that retries disorder no more than a wave. */
const BATCHES_PER_WAVE = 4;
const EVENTS_PER_BATCH = 25;
const REQUEST_TIMEOUT_MS = 20_000;
const RETRY_AFTER_MS = 150;

export interface SentEvents {
  /** How many were sent; their numbers are below. */
  count: number;
  /** Numbers of those answered 202. */
  acknowledged: Set<number>;
  /** Batches sent again, because no 202 came. */
  retries: number;
}

export interface ClientOptions {
  /** Where the collectors listen, dead ones included. */
  urls: () => readonly string[];
  /** Events a second while all is well; what an outage held up is not made up for. */
  rate: number;
  isOver: () => boolean;
}

/** A shop that posts its events until they are acknowledged, with the same ids; the last ones of all only until it is over. */
export async function sendEvents({ urls, rate, isOver }: ClientOptions): Promise<SentEvents> {
  const sent: SentEvents = { count: 0, acknowledged: new Set(), retries: 0 };
  let turn = 0;

  async function sendBatch(first: number): Promise<void> {
    const numbers = Array.from({ length: EVENTS_PER_BATCH }, (_, i) => first + i);
    const body = JSON.stringify({ events: numbers.map((i) => toRequest(eventAt(i))) });
    while (!(await isAccepted(body, urls(), (turn += 1)))) {
      // Nobody was told that it arrived.
      if (isOver()) return;
      sent.retries += 1;
      await delay(RETRY_AFTER_MS);
    }
    for (const number of numbers) sent.acknowledged.add(originalOf(number));
  }

  const waveMs = (BATCHES_PER_WAVE * EVENTS_PER_BATCH * 1_000) / rate;
  let dueMs = Date.now();
  while (!isOver()) {
    const first = sent.count;
    sent.count += BATCHES_PER_WAVE * EVENTS_PER_BATCH;
    await Promise.all(
      Array.from({ length: BATCHES_PER_WAVE }, (_, batch) => sendBatch(first + batch * EVENTS_PER_BATCH)),
    );
    dueMs = Math.max(Date.now(), dueMs + waveMs);
    await delay(dueMs - Date.now());
  }
  return sent;
}

/** @throws when the events are refused for what they are: sending them again would not help */
async function isAccepted(body: string, urls: readonly string[], turn: number): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(`${urls[turn % urls.length] ?? ''}/v1/events:batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (response.status === 202) return true;
    if (response.status >= 500) return false;
  } catch {
    return false;
  }
  throw new Error(`the collector answered ${response.status}: ${await response.text()}`);
}
