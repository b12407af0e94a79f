import { claimKey } from '@shopstream/contracts';

/** Whether a record is the one that carries its event, or another one does. */
export type Claim = 'first' | 'duplicate';

/** Coordinates of the record of an event. */
export interface ClaimRequest {
  namespace: string;
  eventId: string;
  partition: number;
  offset: bigint;
}

/**
 * Claims on event ids, kept for a day. A claim names the record that holds it, so that the same record is first again when it is
 * processed again after a crash: a mark "seen" would lose it.
 */
export interface ClaimStore {
  /** One claim per request, in order; of two for one event, the earlier request is first. @throws when the store does not answer */
  claim(requests: readonly ClaimRequest[]): Promise<Claim[]>;
}

export const coordinatesOf = ({ partition, offset }: ClaimRequest): string => `${partition}:${offset}`;
export const claimKeyOf = ({ namespace, eventId }: ClaimRequest): string => claimKey(namespace, eventId);
