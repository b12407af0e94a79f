import type { BaseServiceConfig } from './config.ts';
import { withDeadline } from './deadline.ts';
import { messageOf } from './errors.ts';
import { createHttpApp } from './http/http-app.ts';
import { createHttpServer } from './http/http-server.ts';
import { createRequestGate } from './http/request-gate.ts';
import type { Readiness, Service, ServiceContext } from './service.ts';

const readinessTimeoutMs = 2_000;

/** A service with its HTTP side: what runs inside the process that `runService` governs. */
export interface ServiceHost {
  start(): Promise<{ url: string }>;
  stop(): Promise<void>;
  /** Null where the service runs until it is stopped. */
  ended: Promise<unknown> | null;
}

/**
 * Start: HTTP first, so that probes are answered while the service starts. Stop: readiness fails, requests in
 * flight are answered, the service stops, HTTP closes. Requests that come too early or too late get 503.
 */
export function createServiceHost(
  service: Service,
  config: BaseServiceConfig,
  context: ServiceContext,
): ServiceHost {
  let phase: 'starting' | 'running' | 'stopping' = 'starting';
  const gate = createRequestGate();

  async function ready(): Promise<Readiness> {
    if (phase !== 'running') return { ready: false, checks: { service: phase } };
    try {
      return await withDeadline(Promise.resolve(service.ready()), readinessTimeoutMs, 'readiness');
    } catch (error) {
      return { ready: false, checks: { service: messageOf(error) } };
    }
  }

  const app = createHttpApp({
    logger: context.logger,
    metrics: context.metrics,
    health: { live: () => phase !== 'running' || service.live(), ready },
    gate: gate.handler,
    routes: service.http,
  });
  const http = createHttpServer({ host: config.HTTP_HOST, port: config.HTTP_PORT, listener: app });

  return {
    ended: service.ended ?? null,
    async start() {
      const address = await http.start();
      try {
        await service.start();
      } catch (error) {
        await http.stop();
        throw error;
      }
      phase = 'running';
      gate.open();
      return address;
    },
    async stop() {
      phase = 'stopping';
      await gate.closeAndDrain();
      try {
        await service.stop();
      } finally {
        await http.stop();
      }
    },
  };
}
