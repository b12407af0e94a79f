import { readFileSync } from 'node:fs';
import { parseEnv as parseEnvFile } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { configSchema, loadConfig } from './config.ts';

const example = parseEnvFile(readFileSync(new URL('../.env.example', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

describe('settings', () => {
  it('are all in .env.example, and nothing else is', () => {
    expect(Object.keys(example).sort()).toEqual(Object.keys(configSchema.shape).sort());
  });

  it('have in .env.example the values they have without it', () => {
    expect(loadConfig(example)).toEqual(loadConfig({}));
  });

  it.each([
    ['INGESTION_URL', 'ingestion:8081'],
    ['INGESTION_URL', 'ftp://ingestion'],
    ['REDIS_TIMEOUT_MS', '0'],
    ['CASSANDRA_TIMEOUT_MS', '1s'],
    ['CATALOG_MAX_ITEMS', '-1'],
  ])('refuse %s=%s by name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });
});
