import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const keptOutputLines = 200;
const readyDeadlineMs = 90_000;

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** The last lines of stdout and stderr. */
  output(): string;
  /** Sends the signal (SIGTERM when none is named) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
  readonly exited: Promise<Exit>;
}

export interface ServiceProcessOptions {
  /** The folder in `apps/`. */
  app?: string;
  /** Instead of an app: a TypeScript file to run, absolute. */
  file?: string;
  env?: object;
  /** Runs `dist/main.js` instead of the source. */
  built?: boolean;
  /** Where it listens; a free port otherwise. */
  port?: number;
  /** Whether to wait until `/readyz` answers 200; without it only the process is started. */
  waitUntilReady?: boolean;
}

/**
 * Runs a service as a process of its own on a free port, with nothing in its environment but PATH, HOME and `env`.
 * @throws with the output when it ends or is not ready in time; it is killed then
 * @example const catalog = await startServiceProcess({ app: 'catalog', env: testSettings() });
 */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const port = options.port ?? (await freePort());
  const child = spawn(process.execPath, commandOf(options), {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(port),
      // A service that stops slowly on a busy machine still stops in good order.
      STOP_TIMEOUT_MS: '60000',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const service = toServiceProcess(child, `http://127.0.0.1:${port}`);
  if (options.waitUntilReady ?? true) await waitUntilReady(service, child);
  return service;
}

function commandOf({ app, file, built }: ServiceProcessOptions): string[] {
  if (built) return ['--enable-source-maps', `${root}apps/${app ?? ''}/dist/main.js`];
  return ['--import', 'tsx', file ?? `${root}apps/${app ?? ''}/src/main.ts`];
}

function toServiceProcess(child: ChildProcess, url: string): ServiceProcess {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.trimEnd().split('\n'));
      lines.splice(0, lines.length - keptOutputLines);
    });
  }
  const exited = (once(child, 'close') as Promise<[Exit['code'], Exit['signal']]>).then(([code, signal]) => ({
    code,
    signal,
  }));
  return {
    url,
    pid: child.pid ?? -1,
    output: () => lines.join('\n'),
    exited,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

async function waitUntilReady(service: ServiceProcess, child: ChildProcess): Promise<void> {
  let answer = 'no answer';
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const fail = async () => {
    await service.stop('SIGKILL');
    throw new Error(`${service.url} is not ready: ${answer}\n${service.output()}`);
  };
  const readyOrEnded = async () => {
    if (hasEnded()) return;
    const response = await fetch(`${service.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    answer = await response.text();
    if (!response.ok) throw new Error(answer);
  };
  await eventually(readyOrEnded, { deadlineMs: readyDeadlineMs }).catch(fail);
  if (hasEnded()) await fail();
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
