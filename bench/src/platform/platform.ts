import { provision } from '@shopstream/infra';
import { Registry, createLogger } from '@shopstream/platform';
import { type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';
import { resultsDir } from '../report/result-file.ts';
import { type BenchServers, connectionEnv } from './bench-servers.ts';
import { startChild } from './child.ts';
import { isolate } from './isolation.ts';
import { type Services, createServices } from './services.ts';

const logger = createLogger({ name: 'bench', level: 'silent' });

/** The platform with topics, tables and keys that nobody else uses. */
export interface Platform extends Services {
  env: Record<string, string>;
  streams: Streams;
  servers: BenchServers;
  /** Throws when the bench is to stop, and with the end of a log when a service has ended by itself. */
  assertHealthy(): void;
  /** Runs `shopstream` to its end. @throws Error unless it exits with 0 */
  shopstream(...args: string[]): Promise<void>;
  remove(): Promise<void>;
}

interface PlatformOptions {
  signal: AbortSignal;
  profile: boolean;
  /** Settings of the services. */
  settings: Record<string, string>;
}

export async function createPlatform(servers: BenchServers, options: PlatformOptions): Promise<Platform> {
  const isolation = await isolate(connectionEnv(servers));
  const env = { ...isolation.env, LOG_LEVEL: 'warn', ...options.settings };
  const config = z.object(kafkaConfigShape).parse(env);
  const streams = createStreams(config, { name: 'bench', logger, metrics: new Registry() });
  await provision(env, { logger });
  for (const app of ['catalog', 'interactions'])
    await runToEnd(`${app}-migrate`, [`apps/${app}/dist/migrate.js`], env);
  const services = createServices(servers, { env, profile: options.profile });
  let isRemoved = false;

  return {
    ...services,
    env,
    streams,
    servers,
    assertHealthy() {
      options.signal.throwIfAborted();
      for (const child of services.running()) child.assertAlive();
    },
    shopstream: (...args) =>
      runToEnd('shopstream', ['apps/cli/dist/main.js', ...args], {
        ...env,
        GATEWAY_URL: services.url('serving'),
        CATALOG_URL: services.url('catalog'),
      }),
    async remove() {
      if (isRemoved) return;
      isRemoved = true;
      await services.stopAll();
      await streams.admin.stop();
      await isolation.remove();
    },
  };
}

async function runToEnd(name: string, args: string[], env: Record<string, string>): Promise<void> {
  const code = await startChild(name, args, env).ended;
  if (code !== 0) throw new Error(`${args.join(' ')} exited with ${String(code)}, see ${resultsDir}/logs`);
}
