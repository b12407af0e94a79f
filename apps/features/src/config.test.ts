import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { configSchema, loadConfig } from './config.ts';

const example = Object.fromEntries(
  readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => line.split('=', 2) as [string, string]),
);

describe('settings', () => {
  it('are the same in .env.example as in the schema', () => {
    const known = Object.keys(configSchema.shape);
    expect(Object.keys(example).sort()).toEqual(known.sort());
  });

  it('have the defaults that .env.example shows', () => {
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = example;
    const needed = { KAFKA_BROKERS, SCHEMA_REGISTRY_URL };
    expect(loadConfig(example)).toEqual(loadConfig(needed));
  });

  it('are refused together, each by its name', () => {
    const env = { KAFKA_BROKERS: 'a:1', TRENDING_HALF_LIFE_HOURS: '0', REDIS_URL: 'http://x' };
    expect(() => loadConfig(env)).toThrow(
      /(?=.*TRENDING_HALF_LIFE_HOURS)(?=.*REDIS_URL)(?=.*SCHEMA_REGISTRY_URL)/,
    );
  });
});
