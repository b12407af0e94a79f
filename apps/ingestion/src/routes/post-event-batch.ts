import { eventBatchSchema, type EventBatchResult, type EventResult } from '@shopstream/contracts';
import { ApiError, parseInput, rawBodyOf, type Reply, requestIdOf, toEnvelope } from '@shopstream/platform';
import type { Request, Response } from 'express';
import type { Collector } from '../collector.ts';
import { sliceEvents } from '../domain/event-bytes.ts';
import type { EventDefaults } from '../domain/fold-event.ts';
import type { Judged } from '../domain/refusal.ts';
import type { AcceptedEvent } from '../domain/to-rows.ts';
import type { RequestReader } from './event-request.ts';
import { toAccepted } from './post-event.ts';
import { codeOf } from './refusal-error.ts';

/** Many events, each judged alone: 202 when all were accepted, 207 when some were, 400 when none was. */
export function postEventBatch(deps: {
  collector: Collector;
  requests: RequestReader;
}): (req: Request, res: Response) => Promise<Reply> {
  return async (req, res) => {
    const body: unknown = Array.isArray(req.body) ? { events: req.body as unknown[] } : req.body;
    const batch = parseInput(eventBatchSchema, body);
    const defaults: EventDefaults = [
      { field: 'namespace', spelling: 'namespace', value: batch.namespace },
      { field: 'sent_at', spelling: 'sent_at', value: batch.sent_at },
      { field: 'sent_at', spelling: 'sentAt', value: batch.sentAt },
    ];
    const request = deps.requests.read(req, { dialect: null, defaults });
    const results = await deps.collector.collect({ events: batch.events, request, bytesOf: slicesOf(req) });
    return toReply(results, requestIdOf(res));
  };
}

function slicesOf(req: Request): (index: number) => Buffer {
  let slices: Buffer[] | undefined;
  return (index) => {
    slices ??= sliceEvents(rawBodyOf(req).toString());
    return slices[index] ?? Buffer.alloc(0);
  };
}

function toReply(judged: readonly Judged<AcceptedEvent>[], requestId: string): Reply {
  const results = judged.map(toResult);
  const accepted = judged.filter(({ ok }) => ok).length;
  const body: EventBatchResult = { accepted, refused: judged.length - accepted, results };
  if (accepted === judged.length) return { status: 202, body };
  if (accepted > 0) return { status: 207, body };
  const error = new ApiError('INVALID_INPUT', 'No event was accepted', {
    details: { field: 'events', reason: 'every event is invalid, see results' },
  });
  return { status: error.status, body: { ...toEnvelope(error, requestId), ...body } };
}

function toResult(result: Judged<AcceptedEvent>, index: number): EventResult {
  if (result.ok) return { index, ...toAccepted(result.value) };
  const { refusal } = result;
  return {
    index,
    status: 'refused',
    event_id: null,
    code: codeOf(refusal),
    field: refusal.field,
    reason: refusal.message,
  };
}
