// The provisioning job of a deployment: all settings come from the environment.
import { createLogger } from '@shopstream/platform';
import { provision } from './provision.ts';

const logger = createLogger({ name: 'provision', level: 'info' });
try {
  await provision(process.env, { logger });
} catch (error) {
  logger.fatal({ err: error }, 'provisioning failed');
  process.exitCode = 1;
}
