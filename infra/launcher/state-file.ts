// One launcher per data folder. The file says which, so that tests find a running one, and a restart after a kill -9
// waits for the servers that are still going down.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const stateSchema = z.object({
  pid: z.number().int(),
  startedAt: z.number(),
  status: z.enum(['starting', 'ready']),
  servers: z.array(z.object({ name: z.string(), pid: z.number().int() })),
  connection: z.record(z.string(), z.string()),
});

export type LauncherState = z.infer<typeof stateSchema>;

export function readState(dataDir: string): LauncherState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The state of a launcher that is alive now. */
export function readLiveState(dataDir: string): LauncherState | undefined {
  const state = readState(dataDir);
  return state !== undefined && isSinceBoot(state) && isAlive(state.pid) ? state : undefined;
}

export function writeState(dataDir: string, state: LauncherState): void {
  mkdirSync(dataDir, { recursive: true });
  const fresh = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(fresh, fileOf(dataDir));
}

export function removeState(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** Waits until the servers of a killed launcher have gone, at most `timeoutMs`. */
export async function untilLeftoversGone(dataDir: string, timeoutMs: number): Promise<void> {
  const state = readState(dataDir);
  if (state === undefined || !isSinceBoot(state)) return;
  const deadline = Date.now() + timeoutMs;
  while (state.servers.some(({ pid }) => isAlive(pid)) && Date.now() < deadline) await delay(50);
}

function fileOf(dataDir: string): string {
  return path.join(dataDir, 'state.json');
}

/** Process ids of before a reboot say nothing. */
function isSinceBoot(state: LauncherState): boolean {
  return state.startedAt > Date.now() - uptime() * 1_000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
