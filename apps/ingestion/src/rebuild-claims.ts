// Claims that Redis has lost, made anew from what has passed. Order matters: the lock, then what is left, then the fence, then the logs.
import { randomUUID } from 'node:crypto';
import type { Logger } from '@shopstream/platform';
import type { ClaimsState, RedisClaims } from './adapters/redis-claims.ts';
import { CLAIM_MS, type PassedEvent, type PassedEvents } from './domain/claims.ts';
import type { IngestionMetrics } from './metrics.ts';

/** By how much the clocks of Redis, Kafka and this process may differ. */
const CLOCK_DIFFERENCE_MS = 60_000;
const PROGRESS_EVERY_MS = 10_000;

export interface RebuildDeps {
  claims: RedisClaims;
  passed: PassedEvents;
  logger: Logger;
  metrics: Pick<IngestionMetrics, 'claimsRebuilt'>;
}

/**
 * The epoch under which the claims are whole; rebuilds them first where they are not. To be called again when it throws: because another
 * instance is at it, because they were lost again meanwhile, or because a server does not answer.
 */
export async function makeClaimsWhole(
  deps: RebuildDeps,
  { signal, onRebuild }: { signal: AbortSignal; onRebuild: () => void },
): Promise<string> {
  const { claims } = deps;
  const before = await claims.state();
  if (before.isWhole && before.epoch !== null) return before.epoch;
  const token = randomUUID();
  if (!(await claims.lock(token))) throw new Error('another instance rebuilds the claims');
  try {
    // Read under the lock: what is lost from here on takes the lock with it, or happens to another server.
    const state = await claims.state();
    if (await deps.passed.hasAny()) {
      onRebuild();
      await rebuild(deps, { state, token, signal });
    }
    const epoch = `${state.server}:${token}`;
    if (!(await claims.finish(token, { server: state.server, epoch }))) throw lostAgain();
    return epoch;
  } catch (error) {
    await claims.unlock(token).catch(() => undefined);
    throw error;
  }
}

async function rebuild(
  { claims, passed, logger, metrics }: RebuildDeps,
  { state, token, signal }: { state: ClaimsState; token: string; signal: AbortSignal },
): Promise<void> {
  const startedAtMs = Date.now();
  const knownMs = state.epoch === null ? 0 : state.seenMs;
  const sinceMs = Math.max(startedAtMs - CLAIM_MS, knownMs) - CLOCK_DIFFERENCE_MS;
  const since = new Date(sinceMs).toISOString();
  let count = 0;
  let reportedAtMs = startedAtMs;

  async function keep(events: readonly PassedEvent[]): Promise<void> {
    if (!(await claims.keep(token, events))) throw lostAgain();
    count += events.length;
    metrics.claimsRebuilt.inc(events.length);
    if (Date.now() - reportedAtMs < PROGRESS_EVERY_MS) return;
    reportedAtMs = Date.now();
    logger.info({ claims: count, ofMs: events.at(-1)?.passedMs }, 'rebuilding claims');
  }

  logger.warn(
    { since, lost: state.epoch === null ? 'all' : 'the newest' },
    'claims are lost, rebuilding them',
  );
  await passed.fence();
  await passed.read(sinceMs, keep, signal);
  logger.warn({ claims: count, ms: Date.now() - startedAtMs }, 'claims are rebuilt');
}

const lostAgain = (): Error => new Error('claims were lost again while they were rebuilt');
