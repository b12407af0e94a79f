import { describe, expect, it } from '@jest/globals';
import { eventually } from '@shopstream/testkit';
import type { EndOffsets } from './log-place.ts';
import { TableProgress } from './table-progress.ts';

const MINUTE_MS = 60_000;

/** A topic of one partition whose end is `high`, with a count of the questions. */
function topicOf(high: bigint) {
  const topic = { high, questions: 0, progress: new TableProgress(() => Promise.resolve(ends())) };
  const ends = (): EndOffsets => {
    topic.questions += 1;
    return new Map([
      [0, { low: 0n, high: topic.high }],
      [1, { low: 7n, high: 7n }],
    ]);
  };
  return topic;
}

/** Whether a promise has resolved, to be looked at later. */
function watch(promise: Promise<void>): { done: boolean } {
  const state = { done: false };
  void promise.then(() => (state.done = true));
  return state;
}

describe('how far a table has to be read', () => {
  it('is to the end that the topic has when it is asked, and no further', async () => {
    const topic = topicOf(5n);
    const waiting = watch(topic.progress.upTo(Date.now()));
    await eventually(() => expect(topic.questions).toBe(1));
    topic.high = 9n;
    topic.progress.reached(0, 4n);
    await Promise.resolve();
    expect(waiting.done).toBe(false);
    topic.progress.reached(0, 5n);
    await eventually(() => expect(waiting.done).toBe(true));
  });

  it('is asked once for all who come together, and anew for who comes with a later time', async () => {
    const topic = topicOf(0n);
    const nowMs = Date.now();
    await Promise.all(Array.from({ length: 50 }, (_, index) => topic.progress.upTo(nowMs - index)));
    expect(topic.questions).toBe(1);
    await topic.progress.upTo(nowMs);
    expect(topic.questions).toBe(1);
    await topic.progress.upTo(nowMs + 1);
    expect(topic.questions).toBe(2);
  });

  it('is known of times of more than a minute before the last question', async () => {
    const topic = topicOf(0n);
    const nowMs = Date.now();
    await topic.progress.upTo(nowMs - 10 * MINUTE_MS);
    for (let minute = 9; minute > 1; minute -= 1) await topic.progress.upTo(nowMs - minute * MINUTE_MS);
    expect(topic.questions).toBe(1);
    await topic.progress.upTo(nowMs - MINUTE_MS / 2);
    expect(topic.questions).toBe(2);
  });

  it('is asked ten times a second at most', async () => {
    const topic = topicOf(0n);
    const startedAtMs = Date.now();
    for (let count = 0; count < 5; count += 1) await topic.progress.upTo(startedAtMs + count);
    expect(topic.questions).toBe(5);
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(400);
  });

  it('is not known when the question fails, which all who wait are told', async () => {
    const progress = new TableProgress(() => Promise.reject(new Error('no broker')));
    const asked = [progress.upTo(Date.now()), progress.upTo(Date.now())];
    for (const result of await Promise.allSettled(asked)) expect(result.status).toBe('rejected');
    await expect(progress.upTo(Date.now())).rejects.toThrow('no broker');
  });
});
