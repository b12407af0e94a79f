// An event that the collector refused, as it would have had to be sent for the collector to see today what it saw then.
import type { DeadLetter } from '@shopstream/contracts';
import { timeOf } from '../event-time.ts';

export type JsonObject = Record<string, unknown>;

const ID_FIELDS = ['eventId', 'event_id', 'source_event_id', 'sourceEventId'] as const;
const SENT_FIELDS = ['sentAt', 'sent_at'] as const;
/** As the collector has it: a clock less far off is taken as right. */
const SKEW_TOLERANCE_MS = 60_000;
const DAY_MS = 86_400_000;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The event with what its request said of it beside: tenant and id. Its time is the one that counted when it was refused, so that it
 * is the same event whenever it is sent again: its id, where it is derived, follows from it.
 */
export function toOriginalEvent(sent: JsonObject, row: DeadLetter): JsonObject {
  const event = withTimeOfReceipt(sent, row.failed_at);
  if (row.namespace !== null) event['namespace'] ??= row.namespace;
  if (row.event_id !== null && !ID_FIELDS.some((name) => event[name] !== undefined && event[name] !== null)) {
    event['event_id'] = row.event_id;
  }
  return event;
}

/** The time of sending goes: by it the collector would correct the time once more. */
function withTimeOfReceipt(sent: JsonObject, receivedMs: number): JsonObject {
  const { sentAt: _sentAt, sent_at: _sent, ...event } = sent;
  const names = 'type' in sent ? ['timestamp', 'ts'] : ['timestamp'];
  const name = names.find((field) => sent[field] !== undefined && sent[field] !== null);
  if (name === undefined) return { ...event, timestamp: new Date(receivedMs).toISOString() };
  const time = timeOf({ timestamp: sent[name] });
  if (time === undefined) return event;
  const settled = settle(time, sentTimeOf(sent), receivedMs);
  return settled === time ? event : { ...event, [name]: new Date(settled).toISOString() };
}

function settle(time: number, sentMs: number | undefined, receivedMs: number): number {
  const skew = sentMs === undefined ? 0 : receivedMs - sentMs;
  const corrected = Math.abs(skew) > SKEW_TOLERANCE_MS ? time + skew : time;
  const ahead = corrected - receivedMs;
  return ahead > 0 && ahead <= DAY_MS ? receivedMs : corrected;
}

function sentTimeOf(event: JsonObject): number | undefined {
  const value = SENT_FIELDS.map((name) => event[name]).find((field) => field !== undefined && field !== null);
  return timeOf({ timestamp: value });
}
