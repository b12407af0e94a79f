import path from 'node:path';
import { type ServiceName, serviceNames, servicePort } from '@shopstream/infra';
import { resultsDir } from '../report/result-file.ts';
import type { BenchServers } from './bench-servers.ts';
import { type Child, startChild } from './child.ts';

/** Services from their builds. */
export interface Services {
  url(service: ServiceName): string;
  /** Starts it without waiting until it is ready. */
  begin(service: ServiceName): Child;
  start(...services: ServiceName[]): Promise<void>;
  startAll(): Promise<void>;
  running(): Child[];
  stop(...services: ServiceName[]): Promise<void>;
  stopAll(): Promise<void>;
}

export function createServices(
  { settings }: BenchServers,
  options: { env: Record<string, string>; profile: boolean },
): Services {
  const children = new Map<ServiceName, Child>();
  const url = (service: ServiceName): string => `http://127.0.0.1:${servicePort(settings, service)}`;
  const profileArgs = options.profile
    ? ['--cpu-prof', `--cpu-prof-dir=${path.join(resultsDir, 'profiles')}`]
    : [];

  function begin(service: ServiceName): Child {
    const args = [...profileArgs, '--enable-source-maps', `apps/${service}/dist/main.js`];
    const port = String(servicePort(settings, service));
    const env = { ...options.env, HTTP_PORT: port, INGESTION_URL: url('ingestion') };
    const child = startChild(service, args, env);
    children.set(service, child);
    return child;
  }

  async function start(...services: ServiceName[]): Promise<void> {
    await Promise.all(services.map((service) => begin(service).untilReady(`${url(service)}/readyz`)));
  }

  async function stop(...services: ServiceName[]): Promise<void> {
    await Promise.all(services.map(async (service) => children.get(service)?.stop()));
    for (const service of services) children.delete(service);
  }

  return {
    url,
    begin,
    start,
    startAll: () => start(...serviceNames),
    running: () => [...children.values()],
    stop,
    stopAll: () => stop(...children.keys()),
  };
}
