// No server outlives the launcher, not even one that was killed with -9 and could run no code of its own.
import { spawn } from 'node:child_process';
import { canRun } from './programs.ts';

export interface ChildGuard {
  /** What to put before a server's program. */
  prefix(signal: NodeJS.Signals): string[];
  watch(pid: number): void;
  release(): void;
}

/** Linux's own way where setpriv is there, else a shell that waits for the launcher's end. */
export function createChildGuard(): ChildGuard {
  return canRun('setpriv', '--pdeathsig', 'TERM', 'true') ? createKernelGuard() : createShellGuard();
}

/** The kernel signals a child when the *thread* that spawned it ends: spawn on the main thread only. */
function createKernelGuard(): ChildGuard {
  return {
    prefix: (signal) => ['setpriv', '--pdeathsig', signal.replace('SIG', '')],
    watch: () => undefined,
    release: () => undefined,
  };
}

/** The shell reads process ids until its input ends, which happens when the launcher is gone. */
export function createShellGuard(): ChildGuard {
  const script =
    'while read -r pid; do [ "$pid" = done ] && exit; pids="$pids $pid"; done; [ -z "$pids" ] || kill -TERM $pids';
  const shell = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  return {
    prefix: () => [],
    watch: (pid) => shell.stdin.write(`${pid}\n`),
    release: () => shell.stdin.end('done\n'),
  };
}
