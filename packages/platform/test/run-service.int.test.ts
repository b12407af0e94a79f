import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually, startServiceProcess } from '@shopstream/testkit';
import type { ServiceProcess } from '@shopstream/testkit';

const file = fileURLToPath(new URL('./fixtures/service-under-test.ts', import.meta.url));
const running: ServiceProcess[] = [];

async function start(env: Record<string, string> = {}, waitUntilReady = true): Promise<ServiceProcess> {
  const service = await startServiceProcess({ file, env, waitUntilReady });
  running.push(service);
  return service;
}

async function untilPrinted(service: ServiceProcess, text: string): Promise<void> {
  await eventually(() => expect(service.output()).toContain(text));
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop('SIGKILL')));
});

/** The fixture's own reports, in order, without the log. */
function reports(service: ServiceProcess): string[] {
  return service
    .output()
    .split('\n')
    .filter((line) => /^(started|stopped) /.test(line));
}

describe('a running service', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops in reverse order and exits 0 on %s', async (signal) => {
    const service = await start();
    expect(await service.stop(signal)).toEqual({ code: 0, signal: null });
    expect(reports(service)).toEqual([
      'started store',
      'started consumer',
      'stopped consumer',
      'stopped store',
    ]);
  });

  it('answers the request in flight before it stops, refuses new ones and says it is not ready', async () => {
    const service = await start();
    const slow = fetch(`${service.url}/slow`);
    await untilPrinted(service, 'slow request came in');
    process.kill(service.pid, 'SIGTERM');
    await eventually(async () => expect((await fetch(`${service.url}/readyz`)).status).toBe(503));

    const refused = await fetch(`${service.url}/slow`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });
    expect(reports(service)).not.toContain('stopped consumer');

    process.kill(service.pid, 'SIGUSR2');
    expect(await (await slow).json()).toEqual({ answered: true });
    expect(await service.exited).toEqual({ code: 0, signal: null });
  });

  it('whose work has an end stops and exits 0 when it is done, and 1 on a signal before', async () => {
    const done = await start({ MODE: 'done' }, false);
    expect(await done.exited).toEqual({ code: 0, signal: null });
    expect(reports(done)).toEqual(['started store', 'started consumer', 'stopped consumer', 'stopped store']);
    const working = await start({ MODE: 'working' });
    expect(await working.stop()).toEqual({ code: 1, signal: null });
    expect(reports(working)).toHaveLength(4);
  });

  it('exits 1 when the stop takes longer than its deadline', async () => {
    const service = await start({ MODE: 'hang-consumer', STOP_TIMEOUT_MS: '200' });
    expect(await service.stop()).toEqual({ code: 1, signal: null });
    expect(service.output()).toContain('stop took longer than 200 ms');
  });

  it.each([
    ['an uncaught error', '/crash', 'a bug'],
    ['an unhandled rejection', '/reject', 'a forgotten promise'],
  ])('logs %s, stops and exits 1', async (_what, path, message) => {
    const service = await start({ STOP_TIMEOUT_MS: '500' });
    await fetch(`${service.url}${path}`, { method: 'POST' }).catch(() => undefined);
    expect(await service.exited).toEqual({ code: 1, signal: null });
    expect(service.output()).toContain(message);
  });

  it('is not ready while a dependency is not, and says which', async () => {
    const service = await start({ MODE: 'sick-store' }, false);
    await eventually(async () => {
      const response = await fetch(`${service.url}/readyz`);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({ ready: false, checks: { store: 'no answer' } });
    });
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
  });

  it('fails its liveness when its loop is stuck', async () => {
    const service = await start({ MODE: 'stuck' });
    expect((await fetch(`${service.url}/livez`)).status).toBe(503);
  });

  it('serves Prometheus metrics labelled with its name, requests by route template', async () => {
    const service = await start();
    await fetch(`${service.url}/no/such/route?id=42`);
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(text).toMatch(/process_cpu_seconds_total\{service="under-test"\} /);
    expect(text).toMatch(/http_request_duration_seconds_count\{.*route="none",status="404".*\} 1/);
    expect(text).not.toContain('/no/such/route');
  });
});

describe('a service that cannot start', () => {
  it('stops what had started and exits 1', async () => {
    const service = await start({ MODE: 'fail-consumer' }, false);
    expect(await service.exited).toEqual({ code: 1, signal: null });
    expect(reports(service)).toEqual(['started store', 'stopped store']);
    expect(service.output()).toContain('consumer is broken');
  });

  it('exits 1 naming every setting that is wrong', async () => {
    const service = await start({ HTTP_PORT: 'http', LOG_LEVEL: 'loud' }, false);
    expect(await service.exited).toEqual({ code: 1, signal: null });
    expect(service.output()).toMatch(/HTTP_PORT.*LOG_LEVEL/);
  });

  it('exits 1 when its port is taken', async () => {
    const first = await start();
    const second = await start({ HTTP_PORT: new URL(first.url).port }, false);
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.output()).toContain('EADDRINUSE');
  });
});
