import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createChildGuard, repositoryRoot } from '@shopstream/infra';
import { resultsDir } from '../report/result-file.ts';

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;
const logDir = path.join(resultsDir, 'logs');

/** A process of the bench; it ends with the bench. */
export interface Child {
  name: string;
  pid: number;
  /** Throws with the end of its log when it has ended by itself. */
  assertAlive(): void;
  /** Resolves when the address answers 200. */
  untilReady(url: string): Promise<void>;
  /** Its exit code. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

export function startChild(name: string, args: readonly string[], env: Record<string, string>): Child {
  mkdirSync(logDir, { recursive: true });
  const logFile = path.join(logDir, `${name}.log`);
  const log = openSync(logFile, 'w');
  const guard = createChildGuard();
  const [program, ...rest] = [...guard.prefix('SIGTERM'), process.execPath, ...args];
  const child = spawn(program ?? process.execPath, rest, {
    cwd: repositoryRoot,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', log, log],
    // Ctrl-C reaches the bench alone, which stops the others in order.
    detached: true,
  });
  closeSync(log);
  if (child.pid !== undefined) guard.watch(child.pid);
  child.once('exit', () => guard.release());
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  return {
    name,
    pid: child.pid ?? -1,
    ended,
    assertAlive() {
      if (hasEnded(child)) throw new Error(`${name} ended by itself:\n${tailOf(logFile)}`);
    },
    untilReady: (url) => untilReady(child, url, () => `${name}:\n${tailOf(logFile)}`),
    async stop() {
      if (hasEnded(child)) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
const tailOf = (file: string): string => readFileSync(file, 'utf8').slice(-4_000);

async function untilReady(child: ChildProcess, url: string, report: () => string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    if (hasEnded(child) || Date.now() > deadline) throw new Error(`not ready: ${report()}`);
    await delay(50);
  }
}
