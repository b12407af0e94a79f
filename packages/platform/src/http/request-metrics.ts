import type { RequestHandler } from 'express';
import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Measures every request by route template, never by path: paths hold ids. */
export function measureRequests(registry: Registry): RequestHandler {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to end of response. A high p99 on one route: look at the store it reads; on all: at the event loop lag.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const inFlight = new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests being answered. Growing steadily: a dependency does not answer.',
    registers: [registry],
  });
  return (req, res, next) => {
    const stopTimer = duration.startTimer();
    inFlight.inc();
    res.once('close', () => {
      inFlight.dec();
      stopTimer({ method: req.method, route: routeTemplate(req), status: String(res.statusCode) });
    });
    next();
  };
}

/** The pattern of the route that took a request, `none` where none did. */
export function routeTemplate(req: { baseUrl: string; route?: unknown }): string {
  const route = req.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'none';
  return `${req.baseUrl}${String(route.path)}`;
}
