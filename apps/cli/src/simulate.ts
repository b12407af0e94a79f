import type { EventIntake } from './adapters/event-intake.ts';
import type { CrowdEvent } from './domain/shop/crowd.ts';
import { createReplayTally, type ReplaySummary } from './domain/replay-tally.ts';

export interface SimulateOptions {
  /** Events a second. */
  rate: number;
  /** Endless without it. */
  durationMs?: number | undefined;
  signal: AbortSignal;
  wait: (durationMs: number) => Promise<void>;
}

const TICK_MS = 50;
const MAX_BATCH = 500;

/** Sends a crowd's events in their order, at the time they happen, as many a second as asked for. */
export async function simulate(
  crowd: Iterator<CrowdEvent, never>,
  intake: EventIntake,
  { rate, durationMs = Infinity, signal, wait }: SimulateOptions,
): Promise<ReplaySummary> {
  const tally = createReplayTally();
  const startedMs = performance.now();
  const total = Math.round((durationMs / 1_000) * rate);
  for (let sent = 0; sent < total && !signal.aborted;) {
    const elapsedMs = performance.now() - startedMs;
    const due = Math.min(Math.floor((elapsedMs / 1_000) * rate) + 1, total, sent + MAX_BATCH);
    const timestamp = new Date().toISOString();
    const batch = Array.from({ length: due - sent }, () => ({ ...crowd.next().value.event, timestamp }));
    if (batch.length > 0) {
      const results = await intake.send(batch);
      results.forEach((result, index) => tally.add(sent + index + 1, result));
      sent = due;
    }
    await wait(TICK_MS);
  }
  return tally.summary();
}
