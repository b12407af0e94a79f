import path from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger } from '@shopstream/platform';
import { type ChildGuard, createChildGuard } from '../launcher/child-guard.ts';
import { LauncherError } from '../launcher/errors.ts';
import { createConsoleLogger } from '../launcher/logger.ts';
import { type Settings, loadSettings, repositoryRoot, toConnectionEnv } from '../launcher/settings.ts';
import { startServers } from '../launcher/start-servers.ts';
import { migrate } from '../provision/migrate.ts';
import { provision } from '../provision/provision.ts';
import { type RunningServices, startServices } from './services.ts';
import { type Shopstream, createShopstream } from './shopstream.ts';

const usage = `npm start                                        the demo shop: a catalogue and simulated shoppers
npm start -- --events FILE [--catalog FILE]      your own data: replayed, drained, counted
  --seed N       of the simulated shoppers (default 1)
  --rate N       events per second of the simulated shoppers (default 20)
  --exit         with --events: stop everything when the counts are printed
`;

const logger = createConsoleLogger();
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());

interface Options {
  events?: string;
  catalog?: string;
  seed: string;
  rate: string;
  exit: boolean;
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      events: { type: 'string' },
      catalog: { type: 'string' },
      seed: { type: 'string', default: '1' },
      rate: { type: 'string', default: '20' },
      exit: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!values.help) return values;
  process.stdout.write(usage);
  return null;
}

async function run(options: Options): Promise<number> {
  const settings = loadSettings(process.env);
  const guard = createChildGuard();
  const { signal } = stopped;
  const servers = await startServers(settings, { logger, signal, guard });
  const undo: (() => Promise<void>)[] = [() => servers.stop()];
  try {
    await prepare(settings);
    const services = await startServices(settings, { logger, guard, signal });
    undo.push(() => services.stop());
    logger.info(`all services are ready; the gateway answers at ${services.urls.serving}`);
    const shopstream = createShopstream(cliEnv(settings, services), guard);
    undo.push(() => shopstream.stop());
    const death = await Promise.race([servers.died, serve(options, shopstream, services)]);
    if (typeof death === 'string') logger.error(death);
    return typeof death === 'number' ? death : 1;
  } finally {
    await stopAll(undo, guard);
  }
}

async function stopAll(undo: (() => Promise<void>)[], guard: ChildGuard): Promise<void> {
  logger.info('stopping');
  for (const step of undo.reverse()) await step();
  guard.release();
  logger.info('everything has stopped; the data is kept for the next start');
}

/** Topics, schemas and tables. */
async function prepare(settings: Settings): Promise<void> {
  const env = { ...process.env, ...toConnectionEnv(settings) };
  await provision(env, { logger: createLogger({ name: 'provision', level: 'error' }) });
  await migrate(env);
}

function cliEnv(settings: Settings, { urls }: RunningServices): Record<string, string> {
  return {
    ...toConnectionEnv(settings),
    GATEWAY_URL: urls.serving,
    CATALOG_URL: urls.catalog,
    FEATURES_URL: urls.features,
  };
}

/** Answers the exit code when there is nothing more to do. */
async function serve(options: Options, shopstream: Shopstream, { urls }: RunningServices): Promise<number> {
  const code =
    options.events === undefined ? await demo(options, shopstream) : await replay(options, shopstream);
  if (code !== 0 || options.exit || stopped.signal.aborted) return code;
  logger.info(`the platform goes on running at ${urls.serving}; Ctrl-C stops it`);
  await untilStopped();
  return 0;
}

/** npm runs its scripts in the checkout; files are named from where the user is. */
const fromHere = (file: string): string => path.resolve(process.env['INIT_CWD'] ?? '.', file);
const demoCatalogue = path.join(repositoryRoot, 'apps', 'cli', 'demo', 'catalogue.csv');

async function demo({ catalog, seed, rate }: Options, shopstream: Shopstream): Promise<number> {
  const products = catalog === undefined ? demoCatalogue : fromHere(catalog);
  const imported = await shopstream.run('catalog', 'import', products);
  if (imported !== 0) return imported;
  shopstream.begin('simulate', '--seed', seed, '--rate', rate, '--catalog', products);
  // A log is not redrawn: it gets a look now and then.
  shopstream.begin('status', '--watch', '--every', process.stdout.isTTY ? '2' : '30');
  await untilStopped();
  return 0;
}

async function replay({ catalog, events }: Options, shopstream: Shopstream): Promise<number> {
  if (catalog !== undefined && (await shopstream.run('catalog', 'import', fromHere(catalog))) !== 0) {
    logger.error('some rows of the catalogue were refused, see above; going on with the others');
  }
  const code = await shopstream.run('replay', fromHere(events ?? ''), '--allow-refused');
  return code === 0 ? shopstream.run('settle') : code;
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.signal.aborted) resolve();
    else stopped.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

try {
  const options = readOptions();
  if (options !== null) process.exitCode = await run(options);
} catch (error) {
  const isExpected = error instanceof LauncherError || (error instanceof Error && 'code' in error);
  if (!stopped.signal.aborted)
    logger.error(isExpected ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = stopped.signal.aborted ? 0 : 1;
}
