import type { Consumer } from 'kafkajs';

/** A loop that has neither fetched nor tried to join for so long hangs. */
const STALL_MS = 120_000;

/** What a group consumer's own events say about it. */
export interface ConsumerHealth {
  ready(): string;
  live(): boolean;
  /** When the last fetch returned; records appended before it have been seen or are being handled. */
  fetchedAtMs(): number;
  /** When the group last took this instance for a member. */
  confirmedAtMs(): number;
}

/** Watches a consumer. One that has ended for good ends the process: a restart begins from the log. */
export function watchConsumer(consumer: Consumer, crash: (error: Error) => void): ConsumerHealth {
  let isAssigned = false;
  let beatAtMs = Date.now();
  let fetchedAtMs = 0;
  let confirmedAtMs = 0;
  const { events } = consumer;

  consumer.on(events.FETCH_START, () => (beatAtMs = Date.now()));
  consumer.on(events.FETCH, () => (fetchedAtMs = beatAtMs = Date.now()));
  consumer.on(events.HEARTBEAT, () => (confirmedAtMs = Date.now()));
  consumer.on(events.GROUP_JOIN, () => {
    confirmedAtMs = beatAtMs = Date.now();
    isAssigned = true;
  });
  consumer.on(events.CRASH, ({ payload }) => {
    beatAtMs = Date.now();
    isAssigned = false;
    if (!payload.restart) crash(payload.error);
  });

  return {
    ready: () => (isAssigned ? 'ok' : 'no partitions assigned yet'),
    live: () => Date.now() - beatAtMs < STALL_MS,
    fetchedAtMs: () => fetchedAtMs,
    confirmedAtMs: () => confirmedAtMs,
  };
}
