import type { EventDialect } from '@shopstream/contracts';
import { dialectOf, type EventDefaults, isJsonObject } from './fold-event.ts';
import { parseEvent } from './parse-event.ts';
import type { Judged } from './refusal.ts';
import { type AcceptedEvent, type Reception, toRows } from './to-rows.ts';

/** The request around an event. */
export interface EventRequest extends Reception {
  defaults: EventDefaults;
  /** Null: by the event's shape. */
  dialect: EventDialect | null;
}

/** One event as it was sent, accepted as rows or refused with its reason. */
export function judgeEvent(event: unknown, request: EventRequest): Judged<AcceptedEvent> {
  const dialect = request.dialect ?? (isJsonObject(event) ? dialectOf(event) : 'event');
  const parsed = parseEvent(event, dialect, request.defaults);
  return parsed.ok ? toRows(parsed.value, request) : parsed;
}
