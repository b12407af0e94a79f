// Services as processes of this one, for as long as a command needs them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Environment, ServiceError } from '@shopstream/platform';

export interface ServiceBuild {
  file: string;
  env: Environment;
  /** Ends the service when aborted. */
  signal: AbortSignal;
}

export interface RunningService {
  url: string;
  /** Ends it in good order. @throws ServiceError with its last words when it does not */
  stop(): Promise<void>;
}

const KEPT_LINES = 12;
const READY_WITHIN_MS = 90_000;
const BETWEEN_LOOKS_MS = 100;

/** Runs a bounded service to its end. @throws ServiceError with its last words when it ends in any other way than with 0 */
export async function runToEnd(build: ServiceBuild): Promise<void> {
  await launch(build, { RUN_MODE: 'bounded', HTTP_PORT: '0' }).ended;
}

/** Starts a service and waits until it is ready. */
export async function startLive(build: ServiceBuild): Promise<RunningService> {
  const port = await freePort();
  const { ended, stop } = launch(build, { RUN_MODE: 'live', HTTP_PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  const isOver = new AbortController();
  try {
    await Promise.race([untilReady(url, isOver.signal), ended.then(() => Promise.reject(endedEarly(build)))]);
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  } finally {
    isOver.abort();
  }
  return { url, stop };
}

function launch({ file, env, signal }: ServiceBuild, more: Environment) {
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    env: { ...env, HTTP_HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      lastLines.push(...text.trimEnd().split('\n'));
      lastLines.splice(0, lastLines.length - KEPT_LINES);
    });
  }
  const kill = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', kill, { once: true });
  const ended = (async () => {
    const [code, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal.removeEventListener('abort', kill);
    if (code === 0) return;
    const words = [`${file} ended with ${code ?? by}`, ...lastLines].join('\n');
    throw new ServiceError('STAGE_FAILED', words, { retriable: true });
  })();
  ended.catch(() => undefined);
  const stop = (): Promise<void> => {
    kill();
    return ended;
  };
  return { ended, stop };
}

async function untilReady(url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${url}/readyz`, { signal }).catch(() => null);
    if (answer?.ok === true || signal.aborted) return;
    if (Date.now() > deadline)
      throw new ServiceError('UNAVAILABLE', `${url} did not become ready`, { retriable: true });
    await delay(BETWEEN_LOOKS_MS);
  }
}

const endedEarly = ({ file }: ServiceBuild): ServiceError =>
  new ServiceError('STAGE_FAILED', `${file} ended before it was ready`, { retriable: true });

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
