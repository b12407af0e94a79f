import { allowOnly, ApiError, jsonBody, route, ServiceError } from '@shopstream/platform';
import { Router } from 'express';
import type { ErrorRequestHandler } from 'express';
import { deleteItem } from './delete-item.ts';
import { importItems } from './import-items.ts';
import { postItemBatch } from './post-item-batch.ts';
import { putItem } from './put-item.ts';
import { getItem, listItems } from './read-items.ts';
import type { RouteDeps } from './route-deps.ts';

const itemBody = jsonBody({ limitBytes: 256 * 1024 });
const batchBody = jsonBody({ limitBytes: 8 * 1024 * 1024 });

export function itemRoutes(deps: RouteDeps): Router {
  const router = Router();
  router
    .route('/v1/items\\:batch')
    .post(
      batchBody,
      route((req) => postItemBatch(req, deps)),
    )
    .all(allowOnly('POST'));
  router
    .route('/v1/items\\:import')
    .post(route((req) => importItems(req, deps)))
    .all(allowOnly('POST'));
  router
    .route('/v1/items/:id')
    .get(route((req) => getItem(req, deps)))
    .put(
      itemBody,
      route((req) => putItem(req, deps)),
    )
    .delete(route((req) => deleteItem(req, deps)))
    .all(allowOnly('GET', 'PUT', 'DELETE'));
  router
    .route('/v1/items')
    .get(route((req) => listItems(req, deps)))
    .all(allowOnly('GET'));
  router.use(answerOutage);
  return router;
}

/** A store that is away is no fault of the request. */
// eslint-disable-next-line max-params -- Express knows error handlers by their four parameters
const answerOutage: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
  const isOutage = error instanceof ServiceError && error.retriable;
  next(
    isOutage
      ? new ApiError('SERVICE_UNAVAILABLE', 'Service temporarily unavailable', {
          headers: { 'Retry-After': '1' },
          cause: error,
        })
      : error,
  );
};
