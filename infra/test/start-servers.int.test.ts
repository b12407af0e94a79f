import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { ask } from '../launcher/probe.ts';
import type { Settings } from '../launcher/settings.ts';
import { startServers } from '../launcher/start-servers.ts';
import { readState } from '../launcher/state-file.ts';
import { freeSettings } from './support/free-settings.ts';
import { isAlive, serverPids } from './support/launcher-process.ts';

const logger = { info: () => undefined, error: () => undefined };
const redis = async (settings: Settings, command: string) =>
  (await ask(settings.REDIS_PORT, `${command}\r\n`))?.toString();

test('a restart finds the data again, and stop leaves no process and no state', async () => {
  const settings = await freeSettings();
  const first = await startServers(settings, { logger, only: ['redis', 'postgres'] });
  const pids = serverPids(settings);
  await redis(settings, 'SET visits 3');
  await first.stop();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(readState(settings.DATA_DIR)).toBeUndefined();
  const second = await startServers(settings, { logger, only: ['redis', 'postgres'] });
  expect(await redis(settings, 'GET visits')).toBe('$1\r\n3\r\n');
  await second.stop();
});

test('a taken port is named with its setting and what to do, and nothing is started', async () => {
  const settings = await freeSettings();
  const other = createServer().listen(settings.POSTGRES_PORT, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const start = startServers(settings, { logger, only: ['redis', 'postgres'] });
  await expect(start).rejects.toThrow(`port ${settings.POSTGRES_PORT} (POSTGRES_PORT) is in use`);
  await expect(start).rejects.toThrow('set the name above in .env');
  expect(await redis(settings, 'PING')).toBeUndefined();
  other.close();
});

test('a server that cannot start is reported with the end of its log, and the others are stopped', async () => {
  const settings = await freeSettings();
  const folder = path.join(settings.DATA_DIR, 'redis', 'appendonlydir');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'appendonly.aof.manifest'), 'not a manifest\n');
  const start = startServers(settings, { logger, only: ['redis', 'postgres'] });
  await expect(start).rejects.toThrow(/redis ended with code 1\. The end of .*\n(.*\n)*.*manifest/);
  expect(await ask(settings.POSTGRES_PORT, 'x')).toBeUndefined();
});

test('a start that is given up stops what had started', async () => {
  const settings = await freeSettings();
  const giveUp = new AbortController();
  const hurried = { info: () => giveUp.abort(), error: () => undefined };
  const start = startServers(settings, {
    logger: hurried,
    only: ['redis', 'cassandra'],
    signal: giveUp.signal,
  });
  await expect(start).rejects.toThrow('aborted');
  expect(await redis(settings, 'PING')).toBeUndefined();
  expect(readState(settings.DATA_DIR)).toBeUndefined();
});
