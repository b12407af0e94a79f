// Claims as keys of Redis, and in one more key the epoch under which they are whole: an id of the server process and of the rebuild
// that made them so. Each script asks for it in the step in which it claims, so that nothing is ever claimed where claims are lost.
import { ServiceError } from '@shopstream/platform';
import type { Redis } from '@shopstream/stores';
import {
  type Claim,
  CLAIM_MS,
  claimKeyOf,
  type ClaimRequest,
  coordinatesOf,
  type PassedEvent,
} from '../domain/claims.ts';

/** Of one script: longer ones would hold up the other clients of Redis. */
const CLAIMS_PER_SCRIPT = 500;
const STATE_KEY = 'dedupe:epoch';
const LOCK_KEY = 'dedupe:rebuild';
/** A rebuild whose process has died is begun anew by another after this time. */
const LOCK_MS = 60_000;
/** What holds an event that has passed; no record's coordinates. */
const PASSED = 'passed';

const SERVER = `local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')`;

const READ_STATE = `${SERVER}
return {server, redis.call('HGET', KEYS[1], 'epoch'), redis.call('HGET', KEYS[1], 'seen')}`;

/** Answers which claims others hold, from 0; nothing where the claims are not whole under that epoch, or another server answers. */
const CLAIM = `${SERVER}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] or string.sub(ARGV[1], 1, #server) ~= server then return false end
redis.call('HSET', KEYS[1], 'seen', redis.call('TIME')[1])
local taken = {}
for i = 2, #KEYS do
  local holder = redis.call('SET', KEYS[i], ARGV[i + 1], 'NX', 'GET', 'EX', ARGV[2])
  if holder and holder ~= ARGV[i + 1] then taken[#taken + 1] = i - 2 end
end
return taken`;

const KEEP = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
for i = 2, #KEYS do redis.call('SET', KEYS[i], '${PASSED}', 'NX', 'EX', ARGV[i + 1]) end
return 1`;

const FINISH = `${SERVER}
if redis.call('GET', KEYS[1]) ~= ARGV[1] or server ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], 'epoch', ARGV[3], 'seen', redis.call('TIME')[1])
redis.call('DEL', KEYS[1])
return 1`;

const UNLOCK = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

export interface ClaimsState {
  /** Id of the server process. */
  server: string;
  /** Under which the claims were whole; null when all was lost. */
  epoch: string | null;
  /** Whether they still are. */
  isWhole: boolean;
  /** When claims were made last, of those that are left. */
  seenMs: number;
}

export type RedisClaims = ReturnType<typeof createRedisClaims>;

export function createRedisClaims(redis: Redis) {
  return {
    async state(): Promise<ClaimsState> {
      const [server, epoch, seen] = (await redis.eval(READ_STATE, 1, STATE_KEY)) as [
        string,
        string | null,
        string | null,
      ];
      const isWhole = epoch?.startsWith(`${server}:`) ?? false;
      return { server, epoch, isWhole, seenMs: Number(seen ?? 0) * 1_000 };
    },

    /** In one round trip. Null when the claims are not whole any more. */
    async claim(epoch: string, requests: readonly ClaimRequest[]): Promise<Claim[] | null> {
      const pipeline = redis.pipeline();
      for (const some of chunksOf(requests)) {
        const keys = some.map(claimKeyOf);
        pipeline.eval(
          CLAIM,
          keys.length + 1,
          STATE_KEY,
          ...keys,
          epoch,
          CLAIM_MS / 1_000,
          ...some.map(coordinatesOf),
        );
      }
      const claims = requests.map((): Claim => 'first');
      for (const [index, [error, taken]] of ((await pipeline.exec()) ?? []).entries()) {
        if (error) throw unavailable(error);
        if (taken === null) return null;
        for (const position of taken as number[]) claims[index * CLAIMS_PER_SCRIPT + position] = 'duplicate';
      }
      return claims;
    },

    /** False when another one holds it. */
    async lock(token: string): Promise<boolean> {
      return (await redis.set(LOCK_KEY, token, 'PX', LOCK_MS, 'NX')) === 'OK';
    },

    async unlock(token: string): Promise<void> {
      await redis.eval(UNLOCK, 1, LOCK_KEY, token);
    },

    /** Claims for events that have passed, where there are none. False when the lock is gone. */
    keep: (token: string, events: readonly PassedEvent[]) => keep(redis, token, events),

    /** Declares the claims whole and gives the lock back. False when the server is another one by now, or the lock is gone. */
    async finish(token: string, { server, epoch }: { server: string; epoch: string }): Promise<boolean> {
      return (await redis.eval(FINISH, 2, LOCK_KEY, STATE_KEY, token, server, epoch)) === 1;
    },
  };
}

async function keep(redis: Redis, token: string, events: readonly PassedEvent[]): Promise<boolean> {
  const nowMs = Date.now();
  const young = events.filter(({ passedMs }) => passedMs + CLAIM_MS > nowMs);
  const pipeline = redis.pipeline();
  for (const some of chunksOf(young)) {
    const seconds = some.map(({ passedMs }) => Math.ceil((passedMs + CLAIM_MS - nowMs) / 1_000));
    pipeline.eval(KEEP, some.length + 1, LOCK_KEY, ...some.map(claimKeyOf), token, LOCK_MS, ...seconds);
  }
  const replies = (await pipeline.exec()) ?? [];
  for (const [error] of replies) if (error) throw unavailable(error);
  return replies.every(([, isHeld]) => isHeld === 1);
}

function* chunksOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += CLAIMS_PER_SCRIPT) {
    yield all.slice(start, start + CLAIMS_PER_SCRIPT);
  }
}

const unavailable = (cause: Error): ServiceError<'STORE_UNAVAILABLE'> =>
  new ServiceError('STORE_UNAVAILABLE', 'redis did not claim', { retriable: true, cause });
