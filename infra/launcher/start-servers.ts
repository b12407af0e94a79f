import path from 'node:path';
import { cassandra } from '../servers/cassandra/cassandra.ts';
import { kafka } from '../servers/kafka/kafka.ts';
import { postgres } from '../servers/postgres/postgres.ts';
import { redis } from '../servers/redis/redis.ts';
import { registry } from '../servers/registry/registry.ts';
import { createChildGuard, type ChildGuard } from './child-guard.ts';
import { LauncherError } from './errors.ts';
import { install } from './install.ts';
import type { LauncherLogger } from './logger.ts';
import { checkPortsAreFree } from './ports.ts';
import { checkJava, javaProgram } from './programs.ts';
import type { ServerName, ServerSpec } from './server.ts';
import { toConnectionEnv, type Settings } from './settings.ts';
import {
  readLiveState,
  removeState,
  untilLeftoversGone,
  writeState,
  type LauncherState,
} from './state-file.ts';
import { describeEnd, supervise, type ServerEnd, type SupervisedServer } from './supervise.ts';

const specs: Record<ServerName, ServerSpec> = { postgres, redis, kafka, registry, cassandra };
const leftoversTimeoutMs = 40_000;

export interface StartOptions {
  logger: LauncherLogger;
  /** All five when it is not given. */
  only?: readonly ServerName[];
  /** Starts in a third of the CPU time and runs slower: for tests. */
  quickStart?: boolean;
  /** Aborting stops what has started and rejects. */
  signal?: AbortSignal;
  /** Shared with the caller, who releases it. */
  guard?: ChildGuard;
}

export interface RunningServers {
  settings: Settings;
  /** Stops all; resolves when no process is left. */
  stop(): Promise<void>;
  /** Resolves with a report, log tail included, when a server ends that nobody stopped. Stopping the others is the caller's part. */
  died: Promise<string>;
}

/** Installs what is missing, starts the servers on 127.0.0.1, resolves when the protocol of each answers. */
export async function startServers(settings: Settings, options: StartOptions): Promise<RunningServers> {
  const selected = Object.values(specs).filter(({ name }) => options.only?.includes(name) ?? true);
  const signal = options.signal ?? new AbortController().signal;
  const homes = await installAll(selected, settings, { logger: options.logger, signal });
  await claimDataFolder(settings, selected);
  const guard = options.guard ?? createChildGuard();
  const servers: SupervisedServer[] = [];
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await Promise.all(servers.map((server) => server.stop()));
    if (options.guard === undefined) guard.release();
    removeState(settings.DATA_DIR);
  };
  const startedAt = Date.now();
  try {
    for (const spec of selected) {
      servers.push(
        await launch(spec, {
          settings,
          guard,
          signal,
          homeDir: homes.get(spec.name) ?? '',
          quickStart: options.quickStart ?? false,
        }),
      );
      writeState(settings.DATA_DIR, toState(settings, servers, 'starting'));
    }
    await Promise.all(
      servers.map((server) => reportReady(server, { settings, logger: options.logger, startedAt })),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  writeState(settings.DATA_DIR, toState(settings, servers, 'ready'));
  return { settings, stop, died: firstDeath(servers, () => stopping) };
}

async function installAll(
  selected: ServerSpec[],
  settings: Settings,
  options: { logger: LauncherLogger; signal: AbortSignal },
) {
  if (selected.some(({ needsJava }) => needsJava)) checkJava(javaProgram(process.env));
  const homes = new Map<ServerName, string>();
  for (const { name, needsMaven } of selected) {
    if (needsMaven) homes.set(name, await install(name, settings.SERVERS_DIR, options));
  }
  return homes;
}

async function claimDataFolder(settings: Settings, selected: ServerSpec[]): Promise<void> {
  const live = readLiveState(settings.DATA_DIR);
  if (live !== undefined) {
    throw new LauncherError(
      'already_running',
      `the servers of ${settings.DATA_DIR} are running already: process ${live.pid} started them. Stop that one first.`,
    );
  }
  await untilLeftoversGone(settings.DATA_DIR, leftoversTimeoutMs);
  await checkPortsAreFree(
    settings,
    selected.flatMap(({ ports }) => ports),
  );
  writeState(settings.DATA_DIR, toState(settings, [], 'starting'));
}

interface LaunchOptions {
  settings: Settings;
  guard: ChildGuard;
  signal: AbortSignal;
  homeDir: string;
  quickStart: boolean;
}

function launch(
  spec: ServerSpec,
  { settings, guard, signal, homeDir, quickStart }: LaunchOptions,
): Promise<SupervisedServer> {
  const dataDir = path.join(settings.DATA_DIR, spec.name);
  const logFile = path.join(settings.DATA_DIR, 'logs', `${spec.name}.log`);
  return supervise(spec, { settings, dataDir, homeDir, quickStart }, { guard, logFile, signal });
}

async function reportReady(
  server: SupervisedServer,
  options: { settings: Settings; logger: LauncherLogger; startedAt: number },
): Promise<void> {
  await server.untilReady();
  const seconds = ((Date.now() - options.startedAt) / 1_000).toFixed(1);
  options.logger.info(
    `${server.name} answers on 127.0.0.1:${options.settings[specs[server.name].clientPort]} after ${seconds} s`,
  );
}

function toState(
  settings: Settings,
  servers: SupervisedServer[],
  status: LauncherState['status'],
): LauncherState {
  return {
    pid: process.pid,
    startedAt: Date.now(),
    status,
    servers: servers.map(({ name, pid }) => ({ name, pid })),
    connection: toConnectionEnv(settings),
  };
}

function firstDeath(servers: SupervisedServer[], isStopping: () => boolean): Promise<string> {
  return new Promise((resolve) => {
    const report = (end: ServerEnd) => {
      if (!isStopping()) resolve(describeEnd(end));
    };
    for (const server of servers) void server.ended.then(report);
  });
}
