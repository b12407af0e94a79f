import {
  historyPathSchema,
  historyQuerySchema,
  namespaceHeadersSchema,
  toHistoryCursor,
} from '@shopstream/contracts';
import type { HistoryResponse } from '@shopstream/contracts';
import { allowOnly, ApiError, parseInput, requestIdOf, route } from '@shopstream/platform';
import { Router } from 'express';
import type { HistoryQuery, HistoryStore, Interaction } from '../domain/stores.ts';

/** `GET /v1/users/{user_id}/history` */
export function getHistory({ history }: { history: HistoryStore }): Router {
  const handle = route(async (req, res) => {
    const { user_id: userId } = parseInput(historyPathSchema, req.params, 'path');
    const { limit, before } = parseInput(historyQuerySchema, req.query, 'query');
    const headers = parseInput(namespaceHeadersSchema, req.headers, 'headers');
    const found = await newest(history, { namespace: headers['x-namespace'], userId, limit, before });
    const last = found.length === limit ? found.at(-1) : undefined;
    const body: HistoryResponse = {
      user_id: userId,
      interactions: found.map(toInteraction),
      ...(last && { next_before: toCursor(last) }),
      request_id: requestIdOf(res),
    };
    return { status: 200, body };
  });

  const router = Router();
  router.route('/v1/users/:user_id/history').get(handle).all(allowOnly('GET'));
  return router;
}

async function newest(history: HistoryStore, query: HistoryQuery): Promise<Interaction[]> {
  try {
    return await history.newest(query);
  } catch (error) {
    throw new ApiError('SERVICE_UNAVAILABLE', 'The history cannot be read right now', {
      headers: { 'Retry-After': '1' },
      cause: error,
    });
  }
}

function toInteraction(interaction: Interaction): HistoryResponse['interactions'][number] {
  const { eventId, itemId, action, at, sessionId, context } = interaction;
  return {
    event_id: eventId,
    item_id: itemId,
    action,
    timestamp: new Date(at).toISOString(),
    session_id: sessionId,
    context,
  };
}

const toCursor = ({ at, itemId, eventId }: Interaction): string =>
  toHistoryCursor({ timeMs: at, itemId: itemId ?? '', eventId });
