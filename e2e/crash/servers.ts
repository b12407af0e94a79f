// Servers of one's own, which may be killed: each with the launcher's own start, its data kept over restarts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type LauncherLogger,
  type RunningServers,
  type Settings,
  createChildGuard,
  loadSettings,
  readLiveState,
  startServers,
  toConnectionEnv,
} from '@shopstream/infra';
import { freePort } from './free-ports.ts';

export const crashServerNames = ['kafka', 'registry', 'redis'] as const;
export type CrashServer = (typeof crashServerNames)[number];

export interface CrashServers {
  /** What a service needs in its environment. */
  connection: Record<string, string>;
  kafkaPort: number;
  pid(name: CrashServer): number | undefined;
  /** Ends a server with SIGKILL and starts it again after a while; resolves when it answers. */
  kill(name: CrashServer, downMs: number): Promise<void>;
  /** Stops all and deletes their data. */
  remove(): Promise<void>;
}

const silent: LauncherLogger = { info: () => undefined, error: (message) => console.error(message) };

/** Small heaps, and the compiler that starts fast. */
export async function startCrashServers(): Promise<CrashServers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shopstream-crash-'));
  const settings: Settings = {
    ...loadSettings(process.env),
    KAFKA_PORT: await freePort(),
    KAFKA_CONTROLLER_PORT: await freePort(),
    REGISTRY_PORT: await freePort(),
    REDIS_PORT: await freePort(),
    KAFKA_HEAP_MB: 384,
    REGISTRY_HEAP_MB: 256,
    // Claims are kept for a day: they grow with the events of a run.
    REDIS_MAX_MEMORY_MB: 1_024,
  };
  const guard = createChildGuard();
  const running = new Map<CrashServer, RunningServers>();
  const settingsOf = (name: CrashServer): Settings => ({ ...settings, DATA_DIR: path.join(folder, name) });
  const pid = (name: CrashServer) => readLiveState(settingsOf(name).DATA_DIR)?.servers[0]?.pid;

  async function start(name: CrashServer): Promise<void> {
    running.set(
      name,
      await startServers(settingsOf(name), { logger: silent, only: [name], quickStart: true, guard }),
    );
  }

  await Promise.all(crashServerNames.map(start));
  return {
    connection: toConnectionEnv(settings),
    kafkaPort: settings.KAFKA_PORT,
    pid,
    async kill(name, downMs) {
      const server = running.get(name);
      process.kill(pid(name) ?? NaN, 'SIGKILL');
      await server?.died;
      await server?.stop();
      await delay(downMs);
      await start(name);
    },
    async remove() {
      await Promise.all([...running.values()].map((server) => server.stop()));
      guard.release();
      await rm(folder, { recursive: true });
    },
  };
}
