import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program of the checkout to its end. */
export async function run(args: readonly string[], env: object): Promise<Ended> {
  const child = spawn(process.execPath, ['--enable-source-maps', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

/** As `run`, and an error with what it printed when it does not exit with 0. */
export async function runOk(args: readonly string[], env: object): Promise<string> {
  const { code, stdout, stderr } = await run(args, env);
  if (code !== 0) throw new Error(`${args.join(' ')} exited with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}
