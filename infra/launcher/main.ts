import { parseArgs } from 'node:util';
import { LauncherError } from './errors.ts';
import { createConsoleLogger } from './logger.ts';
import { serverNames, type ServerName } from './server.ts';
import { loadSettings, toTestSettings } from './settings.ts';
import { startServers } from './start-servers.ts';

const logger = createConsoleLogger();
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: { test: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  });
  const settings = loadSettings(process.env);
  const servers = await startServers(values.test ? toTestSettings(settings) : settings, {
    logger,
    quickStart: values.test,
    ...(values.only && { only: values.only.map(parseServerName) }),
    signal: stopped.signal,
  });
  logger.info('all servers are ready; Ctrl-C stops them');
  const death = await Promise.race([servers.died, aborted(stopped.signal)]);
  if (death !== undefined) logger.error(death);
  await servers.stop();
  logger.info('all servers have stopped');
  return death === undefined ? 0 : 1;
}

function parseServerName(name: string): ServerName {
  const found = serverNames.find((known) => known === name);
  if (found !== undefined) return found;
  throw new LauncherError('bad_settings', `--only ${name}: the servers are ${serverNames.join(', ')}`);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

try {
  process.exitCode = await run();
} catch (error) {
  if (!stopped.signal.aborted)
    logger.error(
      error instanceof LauncherError ? error.message : String(error instanceof Error ? error.stack : error),
    );
  process.exitCode = stopped.signal.aborted ? 0 : 1;
}
