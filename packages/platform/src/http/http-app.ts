import express from 'express';
import type { Express, RequestHandler, Router } from 'express';
import type { Registry } from 'prom-client';
import type { Logger } from '../logger.ts';
import { answerErrors, answerUnknownRoute } from './error-handling.ts';
import { healthRoutes } from './health-routes.ts';
import type { Health } from './health-routes.ts';
import { assignRequestId } from './request-id.ts';
import { measureRequests } from './request-metrics.ts';

/** The HTTP side every service has: health and metrics first, then its own routes behind `gate`, then the error envelope. */
export function createHttpApp(options: {
  logger: Logger;
  metrics: Registry;
  health: Health;
  gate: RequestHandler;
  routes: Router | undefined;
}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(assignRequestId);
  app.use(healthRoutes(options.health, options.metrics));
  if (options.routes) app.use(measureRequests(options.metrics), options.gate, options.routes);
  app.use(answerUnknownRoute);
  app.use(answerErrors(options.logger));
  return app;
}
