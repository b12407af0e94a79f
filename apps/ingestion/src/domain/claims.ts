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
  /** One claim per request, in order; of two for one event, the earlier request is first. @throws when it is told to stop waiting */
  claim(requests: readonly ClaimRequest[]): Promise<Claim[]>;
}

/** An event whose record has passed: every other record of it is a duplicate, and its own is never processed again. */
export interface PassedEvent {
  namespace: string;
  eventId: string;
  /** When its row was appended, epoch milliseconds. */
  passedMs: number;
}

/** The logs that say which events have passed. */
export interface PassedEvents {
  /** Whether any event has passed, ever. */
  hasAny(): Promise<boolean>;
  /** From now on nothing passes that was decided on before. */
  fence(): Promise<void>;
  /** Reads what has passed since then, in batches; the next one waits for the answer. @throws when aborted */
  read(
    sinceMs: number,
    onBatch: (events: readonly PassedEvent[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
}

export const CLAIM_MS = 86_400_000;

export const coordinatesOf = ({ partition, offset }: ClaimRequest): string => `${partition}:${offset}`;
export const claimKeyOf = ({ namespace, eventId }: { namespace: string; eventId: string }): string =>
  claimKey(namespace, eventId);
