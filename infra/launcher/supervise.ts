import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChildGuard } from './child-guard.ts';
import { LauncherError } from './errors.ts';
import { openLog, tailOf } from './log-file.ts';
import type { ServerContext, ServerName, ServerSpec } from './server.ts';

const probeEveryMs = 50;

export interface SupervisedServer {
  name: ServerName;
  pid: number;
  /** Resolves when its protocol answers; fails when it dies before, or takes too long. */
  untilReady(): Promise<void>;
  /** Resolves with the report when the process has ended. */
  ended: Promise<ServerEnd>;
  stop(): Promise<void>;
}

/** Why and how a server's process ended, with the last lines of its log. */
export interface ServerEnd {
  name: ServerName;
  how: string;
  logFile: string;
  tail: string;
}

export interface SuperviseOptions {
  guard: ChildGuard;
  logFile: string;
  signal: AbortSignal;
}

export async function supervise(
  spec: ServerSpec,
  context: ServerContext,
  options: SuperviseOptions,
): Promise<SupervisedServer> {
  const { argv, env, cwd } = await spec.command(context);
  const [program, ...args] = [...options.guard.prefix(spec.stopSignal), ...argv];
  const log = openLog(options.logFile);
  // Its own session: Ctrl-C reaches the launcher only, which then stops the servers in good order.
  const child = spawn(program ?? argv[0], args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
    cwd: cwd ?? '/',
    detached: true,
  });
  closeSync(log);
  if (child.pid !== undefined) options.guard.watch(child.pid);
  const ended = endOf(child, spec.name, options.logFile);
  return {
    name: spec.name,
    pid: child.pid ?? 0,
    untilReady: () => untilReady(spec, context, { ended, signal: options.signal }),
    ended,
    stop: async () => stop(child, spec, ended),
  };
}

export function describeEnd({ name, how, logFile, tail }: ServerEnd): string {
  return `${name} ${how}. The end of ${logFile}:\n${tail}`;
}

function endOf(child: ChildProcess, name: ServerName, logFile: string): Promise<ServerEnd> {
  return new Promise((resolve) => {
    const report = (how: string) => resolve({ name, how, logFile, tail: tailOf(logFile) });
    child.once('error', (error) => report(`did not start: ${error.message}`));
    child.once('exit', (code, signal) =>
      report(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    );
  });
}

async function untilReady(
  spec: ServerSpec,
  context: ServerContext,
  { ended, signal }: { ended: Promise<ServerEnd>; signal: AbortSignal },
): Promise<void> {
  let end: ServerEnd | undefined;
  void ended.then((value) => (end = value));
  const deadline = Date.now() + spec.startTimeoutMs;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    if (end !== undefined) throw new LauncherError('server_died', describeEnd(end));
    if (await spec.ready(context)) return;
    await delay(probeEveryMs);
  }
  throw new LauncherError(
    'server_not_ready',
    `${spec.name} did not answer within ${spec.startTimeoutMs / 1_000} s`,
  );
}

async function stop(child: ChildProcess, spec: ServerSpec, ended: Promise<ServerEnd>): Promise<void> {
  child.kill(spec.stopSignal);
  const timer = setTimeout(() => child.kill('SIGKILL'), spec.stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
