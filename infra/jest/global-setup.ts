// Gives the integration tests their servers: those that `npm run servers:test` keeps running, else own ones that end
// with this run. Tests find them in the environment.
import { setTimeout as delay } from 'node:timers/promises';
import { registerSchemas } from '@shopstream/streams';
import { createConsoleLogger } from '../launcher/logger.ts';
import { loadSettings, toConnectionEnv, toTestSettings, type Settings } from '../launcher/settings.ts';
import { startServers } from '../launcher/start-servers.ts';
import { readLiveState } from '../launcher/state-file.ts';
import { keepServers } from './servers-of-this-run.ts';

const othersTimeoutMs = 300_000;

export default async function globalSetup(): Promise<void> {
  const settings = toTestSettings(loadSettings(process.env));
  Object.assign(process.env, toConnectionEnv(settings));
  if (!(await areRunning(settings))) {
    keepServers(await startServers(settings, { logger: createConsoleLogger(), quickStart: true }));
  }
  await registerSchemas(toConnectionEnv(settings).SCHEMA_REGISTRY_URL);
}

/** Servers that another process is just starting are waited for. */
async function areRunning(settings: Settings): Promise<boolean> {
  const deadline = Date.now() + othersTimeoutMs;
  for (;;) {
    const state = readLiveState(settings.DATA_DIR);
    if (state === undefined) return false;
    if (state.status === 'ready') return true;
    if (Date.now() > deadline) throw new Error(`process ${state.pid} has been starting servers for too long`);
    await delay(100);
  }
}
