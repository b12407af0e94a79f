// A broker of its own: one that others use cannot be taken away.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type RunningServers, loadSettings, startServers } from '@shopstream/infra';
import { type ServiceProcess, eventually } from '@shopstream/testkit';
import { type Platform, freshPlatform } from './setup.ts';

let dataDir: string;
let broker: RunningServers;
let platform: Platform;
let quality: ServiceProcess;

const startBroker = (ports: { KAFKA_PORT: number; KAFKA_CONTROLLER_PORT: number }) =>
  startServers(
    { ...loadSettings(process.env), ...ports, DATA_DIR: dataDir },
    { only: ['kafka'], quickStart: true, logger: { info: () => undefined, error: () => undefined } },
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'quality-kafka-'));
  broker = await startBroker({ KAFKA_PORT: await freePort(), KAFKA_CONTROLLER_PORT: await freePort() });
  platform = await freshPlatform({ KAFKA_BROKERS: `127.0.0.1:${broker.settings.KAFKA_PORT}` });
  quality = await platform.start('quality');
});

afterAll(async () => {
  await platform.close();
  await broker.stop();
  await rm(dataDir, { recursive: true });
});

it('a service that can test nothing says so, goes on when Kafka is back, and says that too', async () => {
  const sight = 'quality/sight';
  const { taken } = platform.webhook;
  await eventually(async () => expect(await platform.looksOf(quality)).toBeGreaterThan(0));
  const { KAFKA_PORT, KAFKA_CONTROLLER_PORT } = broker.settings;
  await broker.stop();
  await eventually(() => expect(taken(sight)).toEqual([`WARNING ${sight}`]), { deadlineMs: 120_000 });
  broker = await startBroker({ KAFKA_PORT, KAFKA_CONTROLLER_PORT });
  await eventually(() => expect(taken(sight).at(-1)).toBe(`RECOVERED ${sight}`), { deadlineMs: 120_000 });
});
