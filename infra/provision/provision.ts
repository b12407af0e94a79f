import { createMetrics, parseEnv, type Environment, type Logger } from '@shopstream/platform';
import { createStreams, kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';

const name = 'provision';
const provisionConfig = z.object(kafkaConfigShape);

/**
 * Prepares a cluster for the services: creates the topics that are missing and registers the schemas of this build.
 * The one step of a deployment that does so; services only look things up. Doing it again changes nothing.
 * @throws StreamError `SCHEMA_INCOMPATIBLE` naming the subject, when a schema would break its readers
 */
export async function provision(env: Environment, { logger }: { logger: Logger }): Promise<void> {
  const config = parseEnv(provisionConfig, env);
  const streams = createStreams(config, { name, logger, metrics: createMetrics(name) });
  try {
    const created = await streams.admin.createTopics();
    logger.info({ created }, created.length === 0 ? 'all topics exist' : 'topics created');
    await streams.registerSchemas();
    logger.info('schemas registered');
  } finally {
    await streams.admin.stop();
  }
}
