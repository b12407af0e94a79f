import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { testSettings } from '@shopstream/testkit';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Result {
  code: number | null;
  out: string;
  err: string;
}

/** The command line as a process of its own against the test servers. */
export function startCli(args: readonly string[], env: Record<string, string> = {}) {
  return spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...testSettings(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  const child = startCli(args, env);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, out, err };
}

export const toLines = (out: string): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
