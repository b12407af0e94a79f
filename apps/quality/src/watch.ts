import { type DataTest, type Progress, type Sources, evaluate, measure } from '@shopstream/data-tests';
import { type Logger, type Resource, messageOf } from '@shopstream/platform';
import type { Results } from './adapters/results-topic.ts';
import type { Webhook } from './adapters/slack-webhook.ts';
import { SIGHT, judgeSight } from './domain/sight.ts';
import type { QualityMetrics } from './metrics.ts';
import { createStandings } from './standings.ts';

/** The first look takes rows from this long ago. */
const FIRST_LOOK_BACK_MS = 60_000;
/** A loop that has not ticked for so long hangs. */
const STALL_MS = 120_000;

export interface WatchOptions {
  intervalMs: number;
  recoveryMs: number;
  alertLevel: 'warn' | 'error';
}

export interface WatchDeps {
  tests: readonly DataTest[];
  sources: Sources;
  results: Results;
  /** None where nobody wants messages. */
  webhook: Webhook | null;
  metrics: QualityMetrics;
  logger: Logger;
}

export interface Watch extends Resource {
  live(): boolean;
}

/** Looks at the platform again and again, keeps where each test stands, and sees to it that topic, metrics and people know. */
export function createWatch(deps: WatchDeps, options: WatchOptions): Watch {
  const { tests, metrics, logger } = deps;
  const standings = createStandings(
    [SIGHT, ...tests.map(({ id, topic }) => ({ test: id, topic }))],
    deps,
    options,
  );
  const progress: Progress = new Map();
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let lastLookMs = Date.now();
  let tickedMs = Date.now();

  async function look(): Promise<void> {
    const stopTimer = metrics.lookSeconds.startTimer();
    const nowMs = Date.now();
    try {
      const measured = await measure(tests, deps.sources, {
        nowMs,
        sinceMs: nowMs - FIRST_LOOK_BACK_MS,
        progress,
      });
      for (const test of tests) standings.hear(test.id, evaluate(test, measured));
      lastLookMs = Date.now();
      metrics.looks.inc({ result: 'done' });
    } catch (error) {
      metrics.looks.inc({ result: 'failed' });
      logger.warn({ reason: messageOf(error) }, 'nothing could be tested');
    }
    stopTimer();
  }

  /** A look that hangs is not joined by another one, and is itself what is told of. */
  async function tick(): Promise<void> {
    tickedMs = Date.now();
    standings.hear(SIGHT.test, judgeSight(lastLookMs, tickedMs, options.intervalMs));
    const isLooking = looking !== null;
    looking ??= look().finally(() => (looking = null));
    if (!isLooking) await looking;
    await standings.share();
  }

  return {
    name: 'watch',
    async start() {
      standings.restore(deps.results.former());
      lastLookMs = Date.now();
      timer = setInterval(() => void tick(), options.intervalMs);
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      await looking;
      await standings.idle();
    },
    live: () => Date.now() - tickedMs < STALL_MS,
  };
}
