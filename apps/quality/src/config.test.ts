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
    expect(Object.keys(example).sort()).toEqual(Object.keys(configSchema.shape).sort());
  });

  it('have the defaults that .env.example shows', () => {
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = example;
    expect(loadConfig(example)).toEqual(loadConfig({ KAFKA_BROKERS, SCHEMA_REGISTRY_URL }));
  });

  it('are refused together, each by its name', () => {
    expect(() =>
      loadConfig({ KAFKA_BROKERS: 'a:1', CHECK_INTERVAL_MS: '1', SLACK_WEBHOOK: 'ftp://x' }),
    ).toThrow(/(?=.*CHECK_INTERVAL_MS)(?=.*SLACK_WEBHOOK)(?=.*SCHEMA_REGISTRY_URL)/);
  });
});
