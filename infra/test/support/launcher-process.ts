import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { repositoryRoot, type Settings } from '../../launcher/settings.ts';
import { readState } from '../../launcher/state-file.ts';

/** The launcher as a user starts it, with Redis and PostgreSQL. */
export async function startLauncher(settings: Settings) {
  const main = path.join(repositoryRoot, 'infra/launcher/main.ts');
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--only', 'redis', '--only', 'postgres'], {
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'close').then(([code]: unknown[]) => code);
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('all servers are ready')) resolve();
    });
  });
  await Promise.race([ready, exited]);
  return { child, exited, output: () => output, serverPids: serverPids(settings) };
}

export function serverPids(settings: Settings): number[] {
  return readState(settings.DATA_DIR)?.servers.map(({ pid }) => pid) ?? [];
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
