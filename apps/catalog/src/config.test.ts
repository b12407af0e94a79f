import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { configSchema, loadConfig, loadMigrationConfig } from './config.ts';

const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'));

describe('settings', () => {
  it('are the same in .env.example as in the schema', () => {
    expect(Object.keys(example).sort()).toEqual(Object.keys(configSchema.shape).sort());
  });

  it('have the defaults that .env.example shows', () => {
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = example;
    expect(loadConfig(example)).toEqual(loadConfig({ KAFKA_BROKERS, SCHEMA_REGISTRY_URL }));
  });

  it('are refused together, each by its name', () => {
    expect(() => loadConfig({ HTTP_PORT: 'x', POSTGRES_URL: 'mysql://a', KAFKA_BROKERS: 'a:1' })).toThrow(
      /(?=.*HTTP_PORT)(?=.*POSTGRES_URL)(?=.*SCHEMA_REGISTRY_URL)/,
    );
  });

  it('of the migration are those of the database alone', () => {
    expect(loadMigrationConfig({ POSTGRES_URL: 'postgres://h/db' })).toEqual({
      LOG_LEVEL: 'info',
      POSTGRES_URL: 'postgres://h/db',
    });
  });
});
