import { recommendationsHeadersSchema, recommendationsQuerySchema } from '@shopstream/contracts';
import type { RecommendationsResponse } from '@shopstream/contracts';
import { allowOnly, parseInput, requestIdOf, route } from '@shopstream/platform';
import { MODEL_VERSION } from '@shopstream/recommender';
import { Router } from 'express';
import type { ServingMetrics } from '../metrics.ts';
import type { RecommendFor } from '../recommend-for.ts';
import { degradedHeaders } from './degraded.ts';

/** `GET /v1/recommendations` */
export function getRecommendations(deps: { recommendFor: RecommendFor; metrics: ServingMetrics }): Router {
  const { recommendFor, metrics } = deps;
  const handle = route(async (req, res) => {
    const query = parseInput(recommendationsQuerySchema, req.query, 'query');
    const headers = parseInput(recommendationsHeadersSchema, req.headers, 'headers');
    const { items, degraded } = await recommendFor({
      namespace: headers['x-namespace'],
      userId: query.user_id,
      sessionId: headers['x-session-id'],
      surface: query.context,
      limit: query.limit,
      category: query.category,
      excluded: query.exclude,
    });
    metrics.requests.inc({ context: query.context, device: headers['x-device-type'] ?? 'unknown' });
    countSources(metrics, items);
    if (items.length === 0) metrics.emptyAnswers.inc({ route: 'recommendations' });
    if (degraded) metrics.degradedAnswers.inc({ route: 'recommendations', store: 'redis' });
    const body: RecommendationsResponse = {
      recommendations: items.map(({ item, score, rank, explanation }) => ({
        item_id: item.itemId,
        score,
        rank,
        metadata: item.metadata,
        explanation,
      })),
      request_id: requestIdOf(res),
      model_version: MODEL_VERSION,
      generated_at: new Date().toISOString(),
      ...(degraded && { degraded }),
    };
    return { status: 200, body, headers: degradedHeaders(degraded) };
  });

  const router = Router();
  router.route('/v1/recommendations').get(handle).all(allowOnly('GET'));
  return router;
}

function countSources({ recommendedItems }: ServingMetrics, items: readonly { source: string }[]): void {
  const counts = new Map<string, number>();
  for (const { source } of items) counts.set(source, (counts.get(source) ?? 0) + 1);
  for (const [source, count] of counts) recommendedItems.inc({ source }, count);
}
