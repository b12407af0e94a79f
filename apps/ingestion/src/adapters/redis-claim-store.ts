import { ServiceError } from '@shopstream/platform';
import type { Redis } from '@shopstream/stores';
import { type Claim, claimKeyOf, type ClaimStore, coordinatesOf } from '../domain/claims.ts';

const CLAIM_SECONDS = 86_400;

/** Claims in Redis: one round trip a batch; each claim is taken and read in one step. */
export function createRedisClaimStore(redis: Redis): ClaimStore {
  return {
    async claim(requests) {
      if (requests.length === 0) return [];
      const pipeline = redis.pipeline();
      for (const request of requests) {
        pipeline.set(claimKeyOf(request), coordinatesOf(request), 'EX', CLAIM_SECONDS, 'NX', 'GET');
      }
      const replies = (await pipeline.exec()) ?? [];
      return requests.map((request, index): Claim => {
        const [error, holder] = replies[index] ?? [new Error('no reply'), null];
        if (error)
          throw new ServiceError('STORE_UNAVAILABLE', 'redis did not claim', {
            retriable: true,
            cause: error,
          });
        return holder === null || holder === coordinatesOf(request) ? 'first' : 'duplicate';
      });
    },
  };
}
