import path from 'node:path';
import { type ServiceName, provision, repositoryRoot, serviceNames, servicePort } from '@shopstream/infra';
import { Registry, createLogger } from '@shopstream/platform';
import { type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';
import { resultsDir } from '../report/result-file.ts';
import { type BenchServers, connectionEnv } from './bench-servers.ts';
import { type Child, startChild } from './child.ts';
import { isolate } from './isolation.ts';

const logger = createLogger({ name: 'bench', level: 'silent' });

/** Services from their builds, with topics, tables and keys that nobody else uses. */
export interface Platform {
  env: Record<string, string>;
  streams: Streams;
  servers: BenchServers;
  url(service: ServiceName): string;
  /** Starts it without waiting until it is ready. */
  begin(service: ServiceName): Child;
  start(...services: ServiceName[]): Promise<void>;
  startAll(): Promise<void>;
  running(): Child[];
  stop(...services: ServiceName[]): Promise<void>;
  /** Runs `shopstream` to its end. @throws Error unless it exits with 0 */
  shopstream(...args: string[]): Promise<void>;
  remove(): Promise<void>;
}

export async function createPlatform(
  servers: BenchServers,
  options: { profile: boolean },
): Promise<Platform> {
  const isolation = await isolate(connectionEnv(servers));
  const env = { ...isolation.env, LOG_LEVEL: 'warn' };
  const config = z.object(kafkaConfigShape).parse(env);
  const streams = createStreams(config, { name: 'bench', logger, metrics: new Registry() });
  await provision(env, { logger });
  for (const app of ['catalog', 'interactions'])
    await runToEnd(`${app}-migrate`, [`apps/${app}/dist/migrate.js`], env);

  let isRemoved = false;
  const children = new Map<ServiceName, Child>();
  const url = (service: ServiceName): string => `http://127.0.0.1:${servicePort(servers.settings, service)}`;
  const profileArgs = options.profile
    ? ['--cpu-prof', `--cpu-prof-dir=${path.join(resultsDir, 'profiles')}`]
    : [];

  function begin(service: ServiceName): Child {
    const args = [...profileArgs, '--enable-source-maps', `apps/${service}/dist/main.js`];
    const port = String(servicePort(servers.settings, service));
    const child = startChild(service, args, { ...env, HTTP_PORT: port, INGESTION_URL: url('ingestion') });
    children.set(service, child);
    return child;
  }

  async function stop(...services: ServiceName[]): Promise<void> {
    await Promise.all(services.map(async (service) => children.get(service)?.stop()));
    for (const service of services) children.delete(service);
  }

  const start = async (...services: ServiceName[]): Promise<void> => {
    await Promise.all(services.map((service) => begin(service).untilReady(`${url(service)}/readyz`)));
  };

  return {
    env,
    streams,
    servers,
    url,
    begin,
    start,
    startAll: () => start(...serviceNames),
    running: () => [...children.values()],
    stop,
    shopstream: (...args) =>
      runToEnd('shopstream', [path.join(repositoryRoot, 'apps/cli/dist/main.js'), ...args], {
        ...env,
        GATEWAY_URL: url('serving'),
        CATALOG_URL: url('catalog'),
      }),
    async remove() {
      if (isRemoved) return;
      isRemoved = true;
      await stop(...children.keys());
      await streams.admin.stop();
      await isolation.remove();
    },
  };
}

async function runToEnd(name: string, args: string[], env: Record<string, string>): Promise<void> {
  const code = await startChild(name, args, env).ended;
  if (code !== 0) throw new Error(`${args.join(' ')} exited with ${String(code)}, see ${resultsDir}/logs`);
}
