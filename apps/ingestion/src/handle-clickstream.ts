import type { RecordStage } from '@shopstream/streams';
import type { Claim, ClaimRequest, ClaimStore } from './domain/claims.ts';
import { clean, CLEANING_STAGE, type ClickstreamRecord, findFlaw } from './domain/clean.ts';
import type { IngestionMetrics } from './metrics.ts';

export const CLEANING = {
  name: CLEANING_STAGE,
  input: 'ecom.clickstream.v1',
  changelog: 'ecom.cleaning-changelog.v1',
} as const;

export type CleaningStage = RecordStage<'ecom.clickstream.v1', Claim>;

/** The cleaning stage: claims for the valid records of a batch, then each record by itself. */
export function createCleaningStage(deps: { claims: ClaimStore; metrics: IngestionMetrics }): CleaningStage {
  return {
    ...CLEANING,
    async lookup(records) {
      const requests = records.map(toClaimRequest);
      const claims = await deps.claims.claim(requests.filter((request) => request !== null));
      // An invalid record claims nothing; what it is told is not used.
      return requests.map((request) => (request === null ? 'first' : (claims.shift() ?? 'first')));
    },
    process(record, claim) {
      const cleaned = clean(record, claim);
      deps.metrics.cleaned.inc({ outcome: cleaned.kind });
      return cleaned.kind === 'duplicate' ? { skip: 'duplicate' } : [cleaned.output];
    },
  };
}

function toClaimRequest(record: ClickstreamRecord): ClaimRequest | null {
  const { value, partition, offset } = record;
  if (value.event_id === null || findFlaw(record)) return null;
  return { namespace: value.namespace, eventId: value.event_id, partition, offset };
}
