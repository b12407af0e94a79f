import {
  namespaceHeadersSchema,
  similarItemsPathSchema,
  similarItemsQuerySchema,
} from '@shopstream/contracts';
import type { SimilarItemsResponse } from '@shopstream/contracts';
import { allowOnly, ApiError, parseInput, requestIdOf, route } from '@shopstream/platform';
import { Router } from 'express';
import type { ServingMetrics } from '../metrics.ts';
import type { SimilarTo } from '../similar-to.ts';
import { degradedHeaders } from './degraded.ts';

/** `GET /v1/items/{item_id}/similar` */
export function getSimilarItems(deps: { similarTo: SimilarTo; metrics: ServingMetrics }): Router {
  const { similarTo, metrics } = deps;
  const handle = route(async (req, res) => {
    const { item_id: itemId } = parseInput(similarItemsPathSchema, req.params, 'path');
    const { limit } = parseInput(similarItemsQuerySchema, req.query, 'query');
    const headers = parseInput(namespaceHeadersSchema, req.headers, 'headers');
    const found = await similarTo({ namespace: headers['x-namespace'], itemId, limit });
    if (!found) {
      throw new ApiError('NOT_FOUND', 'Item not found', {
        details: { field: 'item_id', reason: 'no such item' },
      });
    }
    const { source, items, degraded } = found;
    if (items.length === 0) metrics.emptyAnswers.inc({ route: 'similar' });
    if (degraded) metrics.degradedAnswers.inc({ route: 'similar', store: 'redis' });
    const body: SimilarItemsResponse = {
      source_item: { item_id: source.itemId, title: source.title },
      similar_items: items.map(({ item, score, reason }) => ({
        item_id: item.itemId,
        similarity_score: score,
        metadata: item.metadata,
        similarity_reason: reason,
      })),
      request_id: requestIdOf(res),
      ...(degraded && { degraded }),
    };
    return { status: 200, body, headers: degradedHeaders(degraded) };
  });

  const router = Router();
  router.route('/v1/items/:item_id/similar').get(handle).all(allowOnly('GET'));
  return router;
}
