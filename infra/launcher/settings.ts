import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv as parseFile } from 'node:util';
import { ConfigError, envInteger, parseEnv, type Environment } from '@shopstream/platform';
import { z } from 'zod';
import { LauncherError } from './errors.ts';

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const port = () => envInteger({ min: 1, max: 65_535 });
const megabytes = () => envInteger({ min: 1 });

/** Ports of the servers and of the services. */
export const portNames = [
  'KAFKA_PORT',
  'KAFKA_CONTROLLER_PORT',
  'REGISTRY_PORT',
  'CASSANDRA_PORT',
  'CASSANDRA_STORAGE_PORT',
  'REDIS_PORT',
  'POSTGRES_PORT',
  'CATALOG_PORT',
  'INGESTION_PORT',
  'ENRICHMENT_PORT',
  'SESSIONIZER_PORT',
  'POPULARITY_PORT',
  'INTERACTIONS_PORT',
  'FEATURES_PORT',
  'QUALITY_PORT',
  'SERVING_PORT',
] as const;

const settingsSchema = z.object({
  DATA_DIR: z.string(),
  SERVERS_DIR: z.string(),
  KAFKA_PORT: port(),
  KAFKA_CONTROLLER_PORT: port(),
  REGISTRY_PORT: port(),
  CASSANDRA_PORT: port(),
  CASSANDRA_STORAGE_PORT: port(),
  REDIS_PORT: port(),
  POSTGRES_PORT: port(),
  CATALOG_PORT: port(),
  INGESTION_PORT: port(),
  ENRICHMENT_PORT: port(),
  SESSIONIZER_PORT: port(),
  POPULARITY_PORT: port(),
  INTERACTIONS_PORT: port(),
  FEATURES_PORT: port(),
  QUALITY_PORT: port(),
  SERVING_PORT: port(),
  KAFKA_HEAP_MB: megabytes(),
  REGISTRY_HEAP_MB: megabytes(),
  CASSANDRA_HEAP_MB: megabytes(),
  REDIS_MAX_MEMORY_MB: megabytes(),
  POSTGRES_SHARED_BUFFERS_MB: megabytes(),
  FLINK_HEAP_MB: megabytes(),
});

export type Settings = z.infer<typeof settingsSchema>;
export type PortName = (typeof portNames)[number];

const testPortOffset = 10_000;

/** Checks settings; all problems are reported together, each by its name. */
export function parseSettings(values: Environment): Settings {
  const settings = readSettings(values);
  const clashes = portClashes(settings);
  if (clashes.length > 0) throw unusable(clashes);
  return {
    ...settings,
    DATA_DIR: path.resolve(repositoryRoot, settings.DATA_DIR),
    SERVERS_DIR: path.resolve(repositoryRoot, settings.SERVERS_DIR),
  };
}

/** The root `.env` with the process environment over it. */
export function loadSettings(env: Environment): Settings {
  const file = path.join(repositoryRoot, '.env');
  if (!existsSync(file))
    throw new LauncherError(
      'bad_settings',
      `${file} is missing: it holds the ports and folders of the servers`,
    );
  return parseSettings({ ...parseFile(readFileSync(file, 'utf8')), ...env });
}

/** The servers of the tests: own ports and own data, so that tests never touch what a user keeps. */
export function toTestSettings(settings: Settings): Settings {
  const ports = Object.fromEntries(portNames.map((name) => [name, settings[name] + testPortOffset]));
  return { ...settings, ...ports, DATA_DIR: path.join(path.dirname(settings.DATA_DIR), 'test') };
}

/** What a service's environment needs in order to reach these servers. */
export function toConnectionEnv(settings: Settings) {
  return {
    KAFKA_BROKERS: `127.0.0.1:${settings.KAFKA_PORT}`,
    SCHEMA_REGISTRY_URL: `http://127.0.0.1:${settings.REGISTRY_PORT}/apis/ccompat/v7`,
    REDIS_URL: `redis://127.0.0.1:${settings.REDIS_PORT}`,
    POSTGRES_URL: `postgres://postgres@127.0.0.1:${settings.POSTGRES_PORT}/shopstream`,
    CASSANDRA_CONTACT_POINTS: `127.0.0.1:${settings.CASSANDRA_PORT}`,
    CASSANDRA_LOCAL_DC: 'datacenter1',
  };
}

function readSettings(values: Environment): Settings {
  try {
    return parseEnv(settingsSchema, values);
  } catch (error) {
    throw error instanceof ConfigError ? unusable(error.problems) : error;
  }
}

function unusable(problems: readonly string[]): LauncherError {
  const lines = problems.map((line) => `  ${line}`).join('\n');
  return new LauncherError(
    'bad_settings',
    `settings that cannot be used, in .env or in the environment:\n${lines}`,
  );
}

function portClashes(settings: Settings): string[] {
  return portNames
    .map(
      (name, index) =>
        [name, portNames.slice(0, index).find((other) => settings[other] === settings[name])] as const,
    )
    .filter(([, other]) => other !== undefined)
    .map(([name, other]) => `${name}: ${settings[name]} is the port of ${other} too`);
}
