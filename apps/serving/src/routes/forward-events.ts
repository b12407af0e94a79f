import { pipeline } from 'node:stream/promises';
import { allowOnly, requestIdOf } from '@shopstream/platform';
import { Router } from 'express';
import type { Request, Response } from 'express';
import type { Forwarder } from '../forwarder.ts';
import type { ServingMetrics } from '../metrics.ts';

const paths = ['/v1/interactions', '/v1/events', '/v1/events\\:batch'];

/** `POST /v1/interactions`, `/v1/events` and `/v1/events:batch`: ingestion answers, this only hands on. */
export function forwardEvents(deps: {
  forwarder: Forwarder;
  metrics: Pick<ServingMetrics, 'forwarded'>;
}): Router {
  async function forward(req: Request, res: Response): Promise<void> {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
      const answer = await deps.forwarder.forward(req, {
        clientAddress: req.socket.remoteAddress ?? 'unknown',
        requestId: requestIdOf(res),
        signal: gone.signal,
      });
      deps.metrics.forwarded.inc({ outcome: 'answered' });
      res.writeHead(answer.status, answer.headers);
      await pipeline(answer.body, res);
    } catch (error) {
      if (res.closed) return;
      deps.metrics.forwarded.inc({ outcome: 'unavailable' });
      throw error;
    }
  }

  const router = Router();
  for (const path of paths) router.route(path).post(forward).all(allowOnly('POST'));
  return router;
}
