import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { LauncherError } from './errors.ts';

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const port = z.coerce.number().int().min(1).max(65_535);
const megabytes = z.coerce.number().int().min(1);

const settingsSchema = z.object({
  DATA_DIR: z.string().min(1),
  SERVERS_DIR: z.string().min(1),
  KAFKA_PORT: port,
  KAFKA_CONTROLLER_PORT: port,
  REGISTRY_PORT: port,
  CASSANDRA_PORT: port,
  CASSANDRA_STORAGE_PORT: port,
  REDIS_PORT: port,
  POSTGRES_PORT: port,
  KAFKA_HEAP_MB: megabytes,
  REGISTRY_HEAP_MB: megabytes,
  CASSANDRA_HEAP_MB: megabytes,
  REDIS_MAX_MEMORY_MB: megabytes,
  POSTGRES_SHARED_BUFFERS_MB: megabytes,
});

export type Settings = z.infer<typeof settingsSchema>;
export const portNames = [
  'KAFKA_PORT',
  'KAFKA_CONTROLLER_PORT',
  'REGISTRY_PORT',
  'CASSANDRA_PORT',
  'CASSANDRA_STORAGE_PORT',
  'REDIS_PORT',
  'POSTGRES_PORT',
] as const;
export type PortName = (typeof portNames)[number];

const testPortOffset = 10_000;

/** Reads the settings file's values, with those of `env` over them; every problem is reported, each by its name. */
export function parseSettings(values: Record<string, string | undefined>): Settings {
  const parsed = settingsSchema.safeParse(values);
  const problems = parsed.success ? portClashes(parsed.data) : parsed.error.issues.map(toProblem);
  if (problems.length > 0)
    throw new LauncherError(
      'bad_settings',
      `settings are not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
  const settings = settingsSchema.parse(values);
  return {
    ...settings,
    DATA_DIR: path.resolve(repositoryRoot, settings.DATA_DIR),
    SERVERS_DIR: path.resolve(repositoryRoot, settings.SERVERS_DIR),
  };
}

/** The root `.env` with the process environment over it. */
export function loadSettings(env: NodeJS.ProcessEnv): Settings {
  const file = path.join(repositoryRoot, '.env');
  if (!existsSync(file))
    throw new LauncherError(
      'bad_settings',
      `${file} is missing: it holds the ports and folders of the servers`,
    );
  return parseSettings({ ...parseEnv(readFileSync(file, 'utf8')), ...env });
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

function toProblem(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')}: ${issue.message}`;
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
