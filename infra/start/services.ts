// Services are restarted when they end by themselves, with growing pauses: a crash is how a service asks to begin from the log.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChildGuard } from '../launcher/child-guard.ts';
import { LauncherError } from '../launcher/errors.ts';
import { openLog, tailOf } from '../launcher/log-file.ts';
import type { LauncherLogger } from '../launcher/logger.ts';
import { checkPortsAreFree } from '../launcher/ports.ts';
import { type Settings, repositoryRoot, toConnectionEnv } from '../launcher/settings.ts';
import { type ServiceName, portName, serviceNames, servicePort } from './service-ports.ts';

const readyTimeoutMs = 120_000;
const probeEveryMs = 100;
const stopTimeoutMs = 15_000;
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** A service that has run for so long is taken to have started well. */
const steadyAfterMs = 30_000;

export interface RunningServices {
  urls: Record<ServiceName, string>;
  stop(): Promise<void>;
}

export interface ServiceOptions {
  logger: LauncherLogger;
  guard: ChildGuard;
  signal: AbortSignal;
}

interface Supervised {
  child: ChildProcess | null;
  isStopping: () => boolean;
  stop: () => void;
}

function createSupervised(): Supervised {
  let isStopping = false;
  return { child: null, isStopping: () => isStopping, stop: () => (isStopping = true) };
}

/** Starts all services from their builds and resolves when each says that it is ready. */
export async function startServices(settings: Settings, options: ServiceOptions): Promise<RunningServices> {
  await checkPortsAreFree(settings, serviceNames.map(portName));
  const running = new Map<ServiceName, Supervised>();
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map(stopService));
  };
  for (const name of serviceNames) {
    const supervised = createSupervised();
    running.set(name, supervised);
    void keepRunning(name, supervised, { settings, ...options });
  }
  const urls = Object.fromEntries(
    serviceNames.map((name) => [name, `http://127.0.0.1:${servicePort(settings, name)}`]),
  ) as Record<ServiceName, string>;
  try {
    await Promise.all(
      serviceNames.map((name) => untilReady(name, urls[name], { settings, signal: options.signal })),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls, stop };
}

async function keepRunning(
  name: ServiceName,
  supervised: Supervised,
  { settings, logger, guard }: ServiceOptions & { settings: Settings },
): Promise<void> {
  const logFile = logFileOf(settings, name);
  let pauseMs = firstPauseMs;
  while (!supervised.isStopping()) {
    const startedAt = Date.now();
    const how = await runOnce(name, supervised, { settings, guard, logFile });
    if (supervised.isStopping()) return;
    if (Date.now() - startedAt > steadyAfterMs) pauseMs = firstPauseMs;
    logger.error(`${name} ${how}; starting it again. The end of ${logFile}:\n${tailOf(logFile)}`);
    await delay(pauseMs);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}

function runOnce(
  name: ServiceName,
  supervised: Supervised,
  { settings, guard, logFile }: { settings: Settings; guard: ChildGuard; logFile: string },
): Promise<string> {
  const log = openLog(logFile);
  const script = path.join(repositoryRoot, 'apps', name, 'dist', 'main.js');
  const argv = [...guard.prefix('SIGTERM'), process.execPath, '--enable-source-maps', script];
  const child = spawn('/usr/bin/env', argv, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...serviceEnv(settings, name) },
    cwd: repositoryRoot,
    detached: true,
  });
  closeSync(log);
  supervised.child = child;
  if (child.pid !== undefined) guard.watch(child.pid);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`did not start: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    );
  });
}

/** What a service finds in its environment: the same variables that a deployment elsewhere would set. */
function serviceEnv(settings: Settings, name: ServiceName): Record<string, string> {
  return {
    ...toConnectionEnv(settings),
    HTTP_PORT: String(servicePort(settings, name)),
    INGESTION_URL: `http://127.0.0.1:${servicePort(settings, 'ingestion')}`,
  };
}

async function untilReady(
  name: ServiceName,
  url: string,
  { settings, signal }: { settings: Settings; signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  let answer = 'no answer';
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
      answer = await response.text();
    } catch {
      answer = 'no answer';
    }
    await delay(probeEveryMs);
  }
  const logFile = logFileOf(settings, name);
  throw new LauncherError(
    'server_not_ready',
    `${name} is not ready after ${readyTimeoutMs / 1_000} s: ${answer}\nThe end of ${logFile}:\n${tailOf(logFile)}`,
  );
}

const logFileOf = (settings: Settings, name: ServiceName): string =>
  path.join(settings.DATA_DIR, 'logs', `${name}.log`);

async function stopService(supervised: Supervised): Promise<void> {
  supervised.stop();
  const { child } = supervised;
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
