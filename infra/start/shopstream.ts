import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ChildGuard } from '../launcher/child-guard.ts';
import { repositoryRoot } from '../launcher/settings.ts';

/** Runs the operator's command; what it prints goes to the terminal. */
export interface Shopstream {
  /** In the background, until `stop`. */
  begin(...args: string[]): ChildProcess;
  /** To its end; answers the exit code. */
  run(...args: string[]): Promise<number>;
  stop(): Promise<void>;
}

export function createShopstream(env: Record<string, string>, guard: ChildGuard): Shopstream {
  const running = new Set<ChildProcess>();
  const script = path.join(repositoryRoot, 'apps', 'cli', 'dist', 'main.js');

  function begin(...args: string[]): ChildProcess {
    const argv = [...guard.prefix('SIGTERM'), process.execPath, '--enable-source-maps', script, ...args];
    const child = spawn('/usr/bin/env', argv, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      // Not in our process group: Ctrl-C reaches the launcher alone, which then stops everything in order.
      detached: true,
    });
    if (child.pid !== undefined) guard.watch(child.pid);
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  }

  return {
    begin,
    async run(...args) {
      const [code] = (await once(begin(...args), 'exit')) as [number | null];
      return code ?? 1;
    },
    async stop() {
      const ended = [...running].map((child) => once(child, 'exit'));
      for (const child of running) child.kill('SIGTERM');
      await Promise.all(ended);
    },
  };
}
