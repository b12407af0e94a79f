// The only place that handles signals and sets the exit code.
import { ConfigError } from './config.ts';
import type { BaseServiceConfig } from './config.ts';
import { withDeadline } from './deadline.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { createServiceHost } from './service-host.ts';
import type { ServiceHost } from './service-host.ts';
import type { ServiceDefinition } from './service.ts';

/**
 * Runs a service until SIGTERM, SIGINT, a crash or the end of its work, then ends the process: exit code 0 after a
 * clean stop on a signal or when its work is done, 1 after anything else (bad settings, failed start, uncaught error,
 * stop over its deadline, a signal before work that has an end was done).
 * @example void runService({ name: 'catalog', loadConfig, create: createCatalog });
 */
export async function runService<Config extends BaseServiceConfig>(
  definition: ServiceDefinition<Config>,
): Promise<void> {
  const config = readConfig(definition);
  if (!config) return;
  const logger = createLogger({ name: definition.name, level: config.LOG_LEVEL });
  const starting = startHost(definition, config, logger);
  const end = endOnce(logger, {
    timeoutMs: config.STOP_TIMEOUT_MS,
    stop: async () => {
      // A signal in the middle of the start: what is half started can only be stopped once it has started.
      const host = await starting.catch(() => undefined);
      await host?.stop();
    },
  });

  let isDone = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      void end(signal, 0);
      const failUnlessDone = ({ ended }: ServiceHost) =>
        ended === null || isDone ? undefined : end(signal, 1);
      void starting.then(failUnlessDone, () => undefined);
    });
  }
  for (const crash of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(crash, (error: unknown) => {
      logger.fatal({ err: error }, 'uncaught error');
      void end(crash, 1);
    });
  }
  try {
    const { ended } = await starting;
    if (ended === null) return;
    await ended;
    isDone = true;
    await end('work done', 0);
  } catch (error) {
    logger.fatal({ err: error }, 'service did not start');
    await end('failed start', 1);
  }
}

async function startHost<Config extends BaseServiceConfig>(
  { name, create }: ServiceDefinition<Config>,
  config: Config,
  logger: Logger,
): Promise<ServiceHost> {
  const context = { name, logger, metrics: createMetrics(name) };
  const host = createServiceHost(await create(config, context), config, context);
  const { url } = await host.start();
  logger.info({ url }, 'service started');
  return host;
}

function readConfig<Config extends BaseServiceConfig>(
  definition: ServiceDefinition<Config>,
): Config | undefined {
  try {
    return definition.loadConfig(process.env);
  } catch (error) {
    const logger = createLogger({ name: definition.name, level: 'info' });
    const problems = error instanceof ConfigError ? { problems: error.problems } : { err: error };
    logger.fatal(problems, 'invalid settings');
    process.exit(1);
  }
}

/** The first reason to end starts the stop, later ones can only turn the exit code into a failure. */
function endOnce(logger: Logger, options: { timeoutMs: number; stop(): Promise<void> }) {
  let exitCode: 0 | 1 = 0;
  let isEnding = false;
  return async (reason: string, code: 0 | 1): Promise<void> => {
    if (code !== 0) exitCode = code;
    if (isEnding) return;
    isEnding = true;
    logger.info({ reason }, 'service stopping');
    try {
      await withDeadline(options.stop(), options.timeoutMs, 'stop');
      logger.info('service stopped');
    } catch (error) {
      logger.fatal({ err: error }, 'service did not stop cleanly');
      exitCode = 1;
    }
    process.exit(exitCode);
  };
}
