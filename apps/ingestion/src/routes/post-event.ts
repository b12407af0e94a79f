import type { EventAccepted, EventDialect } from '@shopstream/contracts';
import { rawBodyOf, type Reply } from '@shopstream/platform';
import type { Request } from 'express';
import type { Collector } from '../collector.ts';
import type { AcceptedEvent } from '../domain/to-rows.ts';
import { eventIdHeader, type RequestReader } from './event-request.ts';
import { toApiError } from './refusal-error.ts';

/**
 * One event: 202 once Kafka has it.
 * @param dialect null where the event's shape tells it
 */
export function postEvent(
  deps: { collector: Collector; requests: RequestReader },
  dialect: EventDialect | null,
): (req: Request) => Promise<Reply> {
  return async (req) => {
    const request = deps.requests.read(req, { dialect, defaults: eventIdHeader(req) });
    const bytesOf = () => rawBodyOf(req);
    const [result] = await deps.collector.collect({ events: [req.body], request, bytesOf });
    if (!result) throw new Error('the collector answered nothing');
    if (!result.ok) throw toApiError(result.refusal);
    return { status: 202, body: toAccepted(result.value) };
  };
}

export function toAccepted({ eventId, rows }: AcceptedEvent): EventAccepted {
  const accepted: EventAccepted = { status: 'accepted', event_id: eventId };
  if (rows.length > 1) accepted.event_ids = rows.map((row) => row.event_id ?? eventId);
  return accepted;
}
