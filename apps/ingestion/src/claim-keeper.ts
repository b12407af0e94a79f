// While claims cannot be asked for, or are not whole, the cleaning stage waits; nothing is decided without them.
import { setTimeout as pause } from 'node:timers/promises';
import { type Logger, messageOf, withDeadline } from '@shopstream/platform';
import type { RedisClaims } from './adapters/redis-claims.ts';
import type { ClaimStore } from './domain/claims.ts';
import type { IngestionMetrics } from './metrics.ts';

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;
/** A start waits so long for claims that are not whole; then it goes on, and the first batch waits. */
const START_MS = 5_000;

export interface ClaimKeeper extends ClaimStore {
  /** Makes the claims whole where that is quickly done. */
  prepare(): Promise<void>;
  /** Ends all waiting with an error. */
  abandon(): void;
  /** `ok`, or what is waited for. */
  ready(): string;
}

interface KeeperDeps {
  claims: Pick<RedisClaims, 'claim'>;
  /** Answers the epoch under which the claims are whole. */
  makeWhole: (options: { signal: AbortSignal; onRebuild: () => void }) => Promise<string>;
  logger: Logger;
  metrics: Pick<IngestionMetrics, 'claimsWaiting'>;
}

/** Claims that wait for Redis instead of failing, and are never asked for before they are whole. */
export function createClaimKeeper({ claims, makeWhole, logger, metrics }: KeeperDeps): ClaimKeeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  let epoch: string | null = null;
  let making: Promise<string> | null = null;
  let trouble: string | null = null;

  function note(problem: string | null): void {
    if (problem !== null && trouble === null)
      logger.warn({ reason: problem }, 'cleaning waits for its claims');
    if (problem === null && trouble !== null) logger.warn('cleaning goes on');
    metrics.claimsWaiting.set(problem === null ? 0 : 1);
    trouble = problem;
  }

  const waiting = { signal, onError: (error: unknown) => note(messageOf(error)) };

  /** Once for all partitions that wait. */
  function whole(): Promise<string> {
    const onRebuild = (): void => note('they are being rebuilt');
    making ??= untilDone(() => makeWhole({ signal, onRebuild }), waiting)
      .then((made) => {
        note(null);
        return made;
      })
      .finally(() => (making = null));
    return making;
  }

  return {
    async claim(requests) {
      const answer = await untilDone(async () => {
        const asked = (epoch ??= await whole());
        const claimed = await claims.claim(asked, requests);
        if (claimed === null && epoch === asked) epoch = null;
        return claimed;
      }, waiting);
      note(null);
      return answer;
    },
    async prepare() {
      await withDeadline(whole(), START_MS, 'making the claims whole').catch((error: unknown) => {
        logger.warn({ reason: messageOf(error) }, 'started before the claims are whole');
      });
    },
    abandon: () => stopping.abort(new Error('the service stops')),
    ready: () => (trouble === null ? 'ok' : `waiting for claims: ${trouble}`),
  };
}

/** Tries until there is an answer; after errors with growing pauses. */
async function untilDone<T>(
  ask: () => Promise<T | null>,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): Promise<T> {
  for (let failures = 0; ;) {
    signal.throwIfAborted();
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      onError(error);
      const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      failures += 1;
    }
  }
}
