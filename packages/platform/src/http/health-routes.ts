import { Router } from 'express';
import type { Registry } from 'prom-client';
import type { Readiness } from '../service.ts';
import { route } from './route.ts';

export interface Health {
  live(): boolean;
  ready(): Promise<Readiness>;
}

/** `/livez`: restart me if this fails. `/readyz`: send me traffic. `/metrics`: Prometheus. */
export function healthRoutes(health: Health, metrics: Registry): Router {
  const router = Router();
  router.get(
    '/livez',
    route(() => {
      const live = health.live();
      return { status: live ? 200 : 503, body: { live } };
    }),
  );
  router.get(
    '/readyz',
    route(async () => {
      const readiness = await health.ready();
      return { status: readiness.ready ? 200 : 503, body: readiness };
    }),
  );
  router.get('/metrics', async (_req, res) => {
    res.set('Content-Type', metrics.contentType).send(await metrics.metrics());
  });
  return router;
}
