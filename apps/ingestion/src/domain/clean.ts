// The cleaning stage as a function of a record and its claim: events and signals go on, duplicates end here, the rest becomes dead
// letters. Rows come from the collector, which has judged them, and from producers that write to Kafka themselves.
import type { Clickstream, CleanEvent, ConsumerGroup, DeadLetter } from '@shopstream/contracts';
import { EVENT_LIMITS, findIdFlaw, isCleanEventType, namespaceSchema } from '@shopstream/contracts';
import type { Output, StreamRecord } from '@shopstream/streams';
import { canonicalType } from './canonical-type.ts';
import type { Claim } from './claims.ts';

export const CLEANING_STAGE = 'cleaning' satisfies ConsumerGroup;

export type ClickstreamRecord = StreamRecord<'ecom.clickstream.v1'>;

export type Cleaned =
  | { kind: 'clean' | 'signal' | 'dead_letter'; output: Output }
  /** Another record carries the event. */
  | { kind: 'duplicate' };

interface Flaw {
  reason: string;
  field: keyof Clickstream;
  message: string;
}

/** What the record is worth. An invalid one needs no claim: it must not keep a valid one of the same id from passing. */
export function clean(record: ClickstreamRecord, claim: Claim): Cleaned {
  const flaw = findFlaw(record.value);
  if (flaw) return { kind: 'dead_letter', output: toDeadLetter(record, flaw) };
  if (claim === 'duplicate') return { kind: 'duplicate' };
  const value = toCleanEvent(record.value);
  return isCleanEventType(value.event_type)
    ? { kind: 'clean', output: { topic: 'ecom.events-clean.v1', value } }
    : { kind: 'signal', output: { topic: 'ecom.signals.v1', value } };
}

/** The first thing that keeps a row from flowing on. */
export function findFlaw(row: Clickstream): Flaw | undefined {
  if (row.event_id === null) return { reason: 'missing_event_id', field: 'event_id', message: 'is null' };
  if (row.session_id === null)
    return { reason: 'missing_session_id', field: 'session_id', message: 'is null' };
  if (row.event_type === null)
    return { reason: 'missing_event_type', field: 'event_type', message: 'is null' };
  if (typeOf(row) === undefined) {
    return { reason: 'unknown_event_type', field: 'event_type', message: 'is not a known event type' };
  }
  return (
    findNamespaceFlaw(row) ??
    flawOf('event_id', row.event_id, EVENT_LIMITS.eventIdLength) ??
    flawOf('session_id', row.session_id) ??
    flawOf('user_id', row.user_id) ??
    flawOf('anonymous_id', row.anonymous_id) ??
    flawOf('product_id', row.product_id)
  );
}

function findNamespaceFlaw({ namespace }: Clickstream): Flaw | undefined {
  const { error } = namespaceSchema.safeParse(namespace);
  return error && toFlaw('namespace', error.issues[0]?.message ?? 'is invalid');
}

function flawOf(
  field: keyof Clickstream,
  id: string | null,
  maxLength: number = EVENT_LIMITS.idLength,
): Flaw | undefined {
  const message = id === null ? undefined : findIdFlaw(id, maxLength);
  return message === undefined ? undefined : toFlaw(field, message);
}

const toFlaw = (field: keyof Clickstream, message: string): Flaw => ({
  reason: 'invalid_id',
  field,
  message,
});

const typeOf = (row: Clickstream) => canonicalType(row.event_type ?? '', row);

function toCleanEvent(row: Clickstream): CleanEvent {
  return {
    ...row,
    event_id: row.event_id ?? '',
    session_id: row.session_id ?? '',
    event_type: typeOf(row) ?? '',
    user_identifier: row.user_id ?? row.anonymous_id,
  };
}

function toDeadLetter(record: ClickstreamRecord, flaw: Flaw): Output {
  const value: DeadLetter = {
    stage: CLEANING_STAGE,
    ...flaw,
    namespace: record.value.namespace,
    event_id: record.value.event_id,
    source_topic: record.topic,
    source_partition: record.partition,
    source_offset: Number(record.offset),
    key: record.key === null ? null : Buffer.from(record.key),
    value: record.bytes,
    // Kafka's time: the same record always gives the same row.
    failed_at: record.timestamp,
  };
  return { topic: 'ecom.dead-letter.v1', value };
}
