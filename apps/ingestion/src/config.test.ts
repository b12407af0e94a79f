import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { configSchema, loadConfig } from './config.ts';

const required = {
  KAFKA_BROKERS: '127.0.0.1:19092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:18081/apis/ccompat/v7',
};

describe('the settings', () => {
  it('need no more than the addresses that have no default', () => {
    expect(loadConfig(required)).toMatchObject({ HTTP_PORT: 8081, ACK_TIMEOUT_MS: 5_000 });
  });

  it('are refused together, each by its name', () => {
    const env = { ...required, ACK_TIMEOUT_MS: 'soon', MAX_UNACKNOWLEDGED_ROWS: '1', REDIS_URL: 'localhost' };
    expect(() => loadConfig(env)).toThrow(/(?=.*ACK_TIMEOUT_MS)(?=.*MAX_UNACKNOWLEDGED_ROWS)(?=.*REDIS_URL)/);
  });

  it('are those of .env.example, with the same defaults', () => {
    const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const names = [...text.matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(Object.keys(configSchema.shape).sort());
    expect(loadConfig(parseEnv(text))).toEqual(loadConfig(required));
  });
});
