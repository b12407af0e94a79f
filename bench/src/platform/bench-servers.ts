import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Settings,
  createChildGuard,
  createConsoleLogger,
  loadSettings,
  readLiveState,
  startServers,
  toConnectionEnv,
  toTestSettings,
} from '@shopstream/infra';
import type { ServerChoice } from '../options.ts';

/** Between the ports of the platform and those of the tests, and below the ports that the system hands out. */
const PORT_OFFSET = 4_000;

export interface BenchServers {
  /** The servers' settings; ports of services are the bench's own. */
  settings: Settings;
  pids(): { name: string; pid: number }[];
  stop(): Promise<void>;
}

/** Starts servers with data of their own, or takes running ones. */
export async function startBenchServers(choice: ServerChoice, signal: AbortSignal): Promise<BenchServers> {
  const settings = loadSettings(process.env);
  const shifted = shiftPorts(settings);
  if (choice !== 'own') {
    const running = choice === 'test' ? toTestSettings(settings) : settings;
    if (readLiveState(running.DATA_DIR) === undefined) throw new Error('these servers are not running');
    return toBenchServers({ ...shifted, ...serverSettings(running) }, async () => undefined);
  }
  const dataDir = await mkdtemp(path.join(tmpdir(), 'shopstream-bench-'));
  const own = { ...shifted, DATA_DIR: dataDir };
  const removeData = () => rm(dataDir, { recursive: true, force: true });
  try {
    const guard = createChildGuard();
    const servers = await startServers(own, { logger: createConsoleLogger(), signal, guard });
    return toBenchServers(own, async () => {
      await servers.stop();
      guard.release();
      await removeData();
    });
  } catch (error) {
    await removeData();
    throw error;
  }
}

function toBenchServers(settings: Settings, stop: () => Promise<void>): BenchServers {
  const pids = () => readLiveState(settings.DATA_DIR)?.servers ?? [];
  return { settings, pids, stop };
}

function shiftPorts(settings: Settings): Settings {
  const ports = Object.entries(settings).flatMap(([name, value]) =>
    name.endsWith('_PORT') && typeof value === 'number' ? [[name, value + PORT_OFFSET] as const] : [],
  );
  return { ...settings, ...Object.fromEntries(ports) };
}

function serverSettings(settings: Settings): Pick<Settings, 'DATA_DIR'> & Partial<Settings> {
  const { DATA_DIR, KAFKA_PORT, REGISTRY_PORT, CASSANDRA_PORT, REDIS_PORT, POSTGRES_PORT } = settings;
  return { DATA_DIR, KAFKA_PORT, REGISTRY_PORT, CASSANDRA_PORT, REDIS_PORT, POSTGRES_PORT };
}

export const connectionEnv = ({ settings }: BenchServers) => toConnectionEnv(settings);
