import { allowOnly, jsonBody, route } from '@shopstream/platform';
import { Router } from 'express';
import type { Collector } from '../collector.ts';
import type { RequestReader } from './event-request.ts';
import { postEventBatch } from './post-event-batch.ts';
import { postEvent } from './post-event.ts';

const MIB = 1_048_576;

export function createRoutes(deps: { collector: Collector; requests: RequestReader }): Router {
  const router = Router();
  const one = jsonBody({ limitBytes: MIB });
  const many = jsonBody({ limitBytes: 5 * MIB });
  router
    .route('/v1/events')
    .post(one, route(postEvent(deps, null)))
    .all(allowOnly('POST'));
  router
    .route('/v1/events\\:batch')
    .post(many, route(postEventBatch(deps)))
    .all(allowOnly('POST'));
  router
    .route('/v1/interactions')
    .post(one, route(postEvent(deps, 'interaction')))
    .all(allowOnly('POST'));
  return router;
}
