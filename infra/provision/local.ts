// `npm run provision`: topics, schemas and tables on the servers of the settings file, or on those the environment names.
import { createLogger } from '@shopstream/platform';
import { parseArgs } from 'node:util';
import { loadSettings, toConnectionEnv, toTestSettings } from '../launcher/settings.ts';
import { migrate } from './migrate.ts';
import { provision } from './provision.ts';

const logger = createLogger({ name: 'provision', level: 'info' });
try {
  const { values } = parseArgs({ options: { test: { type: 'boolean', default: false } } });
  const settings = loadSettings(process.env);
  const env = { ...toConnectionEnv(values.test ? toTestSettings(settings) : settings), ...process.env };
  await provision(env, { logger });
  await migrate(env);
} catch (error) {
  logger.fatal({ err: error }, 'provisioning failed');
  process.exitCode = 1;
}
