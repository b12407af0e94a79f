import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv as parseFile } from 'node:util';
import { type Environment, parseEnv } from '@shopstream/platform';
import { cassandraConfig, postgresConfig, redisConfig } from '@shopstream/stores';
import { kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';

/** The checkout's settings file; absent where the program runs alone. */
const settingsFile = new URL('../../../.env', import.meta.url);
/** Where the services are, with their builds. */
export const appsFolder = fileURLToPath(new URL('../../', import.meta.url));
/** Products of the demo shop. */
export const demoCatalogue = new URL('../demo/catalogue.csv', import.meta.url);

const shape = z.object({
  ...kafkaConfigShape,
  ...redisConfig,
  ...postgresConfig,
  ...cassandraConfig,
  GATEWAY_URL: z.url().default('http://127.0.0.1:8080'),
  CATALOG_URL: z.url().default('http://127.0.0.1:8082'),
  INGESTION_URL: z.url().optional(),
  EDITOR: z.string().default('vi'),
});

export type CliConfig = z.output<typeof shape>;

/** Settings of the environment; what it does not say follows from the ports in the settings file. */
export function loadConfig(env: Environment): CliConfig {
  const file = existsSync(settingsFile) ? parseFile(readFileSync(settingsFile, 'utf8')) : {};
  const settings = { ...file, ...present(env) };
  return parseEnv(shape, { ...toAddresses(settings), ...settings });
}

/** The settings of this process. */
export const loadOwnConfig = (): CliConfig => loadConfig(process.env);

/** What this process was given, for processes that it starts. */
export const ownEnvironment = (): Environment => process.env;

function toAddresses(ports: Environment): Environment {
  const at = (name: string, otherwise: number) => `127.0.0.1:${ports[name] ?? otherwise}`;
  return {
    KAFKA_BROKERS: at('KAFKA_PORT', 19_092),
    SCHEMA_REGISTRY_URL: `http://${at('REGISTRY_PORT', 18_081)}/apis/ccompat/v7`,
    REDIS_URL: `redis://${at('REDIS_PORT', 16_379)}`,
    POSTGRES_URL: `postgres://postgres@${at('POSTGRES_PORT', 15_432)}/shopstream`,
    CASSANDRA_CONTACT_POINTS: at('CASSANDRA_PORT', 19_042),
  };
}

function present(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}
