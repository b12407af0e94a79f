import { expect, test } from '@jest/globals';
import { loadSettings, parseSettings, repositoryRoot, toConnectionEnv, toTestSettings } from './settings.ts';

const file = loadSettings({});
const values = Object.fromEntries(Object.entries(file).map(([name, value]) => [name, String(value)]));

test('the settings file is complete, and its folders are taken from the repository root', () => {
  expect(file.DATA_DIR).toBe(`${repositoryRoot}/.shopstream/data`);
});

test('the environment wins over the file', () => {
  expect(loadSettings({ REDIS_PORT: '7777' }).REDIS_PORT).toBe(7777);
});

test('all problems are reported together, each by its name', () => {
  const broken = { ...values, KAFKA_PORT: 'ninety', REDIS_PORT: '70000', POSTGRES_PORT: undefined };
  expect(() => parseSettings(broken)).toThrow(/KAFKA_PORT.*\n.*REDIS_PORT.*\n.*POSTGRES_PORT/);
});

test('two servers on one port are refused', () => {
  expect(() => parseSettings({ ...values, REDIS_PORT: values['KAFKA_PORT'] })).toThrow(
    /REDIS_PORT: 19092 is the port of KAFKA_PORT too/,
  );
});

test('tests get ports and data of their own', () => {
  const settings = toTestSettings(file);
  expect(settings.DATA_DIR).toBe(`${repositoryRoot}/.shopstream/test`);
  expect(toConnectionEnv(settings)).toMatchObject({
    KAFKA_BROKERS: '127.0.0.1:29092',
    REDIS_URL: 'redis://127.0.0.1:26379',
  });
});
