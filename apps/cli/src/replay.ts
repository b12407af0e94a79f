// Sends events in their order: a lane has one batch in flight, a session keeps to its lane.
import type { EventIntake } from './adapters/event-intake.ts';
import type { FileEvent } from './adapters/event-file.ts';
import type { EventRequest } from './domain/csv-event.ts';
import { laneOf } from './domain/lane.ts';
import { createReplayTally, type ReplaySummary } from './domain/replay-tally.ts';

export interface ReplayOptions {
  batch: number;
  concurrency: number;
  /** Events a second; as fast as possible without it. */
  rate?: number | undefined;
  limit?: number | undefined;
  signal: AbortSignal;
  wait: (durationMs: number) => Promise<void>;
  onProgress: (summary: ReplaySummary) => void;
}

interface Lane {
  waiting: { line: number; event: EventRequest }[];
  sending: Promise<void>;
}

const BATCHES_PER_SECOND = 10;

/** Ends when all events are answered, or with those in flight when the signal aborts. */
export async function replay(
  events: AsyncIterable<FileEvent>,
  intake: EventIntake,
  options: ReplayOptions,
): Promise<ReplaySummary> {
  const tally = createReplayTally();
  const lanes = Array.from({ length: options.concurrency }, (): Lane => ({
    waiting: [],
    sending: Promise.resolve(),
  }));
  const pace = createPace(options);
  const failures: unknown[] = [];

  async function flush(lane: Lane): Promise<void> {
    await lane.sending;
    const batch = lane.waiting.splice(0);
    if (batch.length === 0 || failures.length > 0) return;
    await pace.before(batch.length);
    lane.sending = deliver(batch).catch((error: unknown) => void failures.push(error));
  }

  async function deliver(batch: Lane['waiting']): Promise<void> {
    const results = await intake.send(batch.map(({ event }) => event));
    results.forEach((result, index) => tally.add(batch[index]?.line ?? 0, result));
    options.onProgress(tally.summary());
  }

  let read = 0;
  for await (const entry of events) {
    if (options.signal.aborted || failures.length > 0 || read >= (options.limit ?? Infinity)) break;
    read += 1;
    if ('problem' in entry) {
      tally.add(entry.line, { status: 'refused', event_id: null, field: 'line', reason: entry.problem });
      continue;
    }
    const lane = lanes[laneOf(entry.event, lanes.length)] as Lane;
    lane.waiting.push(entry);
    if (lane.waiting.length >= pace.batch) await flush(lane);
  }
  await Promise.all(lanes.map(flush));
  await Promise.all(lanes.map(({ sending }) => sending));
  if (failures.length > 0 && !options.signal.aborted) throw failures[0];
  return tally.summary();
}

/** Spreads batches over time; at low rates they get smaller, so that events do not come in jolts. */
function createPace({ batch, rate, wait }: ReplayOptions) {
  if (rate === undefined) return { batch, before: async () => undefined };
  const startedMs = performance.now();
  let sent = 0;
  return {
    batch: Math.min(batch, Math.max(1, Math.ceil(rate / BATCHES_PER_SECOND))),
    async before(count: number): Promise<void> {
      const dueMs = startedMs + (sent / rate) * 1_000;
      sent += count;
      if (dueMs > performance.now()) await wait(dueMs - performance.now());
    },
  };
}
