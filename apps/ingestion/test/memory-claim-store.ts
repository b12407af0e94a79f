import { type Claim, claimKeyOf, type ClaimStore, coordinatesOf } from '../src/domain/claims.ts';

/** Claims that end with the process. */
export function createMemoryClaimStore(): ClaimStore {
  const holders = new Map<string, string>();
  return {
    claim: async (requests) =>
      requests.map((request): Claim => {
        const key = claimKeyOf(request);
        const coordinates = coordinatesOf(request);
        if (!holders.has(key)) holders.set(key, coordinates);
        return holders.get(key) === coordinates ? 'first' : 'duplicate';
      }),
  };
}
