// A broker of its own: one that others use cannot be taken away.
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { loadSettings, type RunningServers, startServers } from '@shopstream/infra';
import { eventually, type ServiceProcess } from '@shopstream/testkit';
import { freshIngestion, type Ingestion, post } from './setup.ts';

let dataDir: string;
let broker: RunningServers;
let ingestion: Ingestion;
let service: ServiceProcess;

const startBroker = async (ports: { KAFKA_PORT: number; KAFKA_CONTROLLER_PORT: number }) =>
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
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'ingestion-kafka-'));
  broker = await startBroker({ KAFKA_PORT: await freePort(), KAFKA_CONTROLLER_PORT: await freePort() });
  const settings = { KAFKA_BROKERS: `127.0.0.1:${broker.settings.KAFKA_PORT}`, ACK_TIMEOUT_MS: '2000' };
  ingestion = await freshIngestion({ partitions: 1, settings });
  service = await ingestion.start({ MAX_UNACKNOWLEDGED_ROWS: '1000' });
});

afterAll(async () => {
  await ingestion.close();
  await broker.stop();
  await rm(dataDir, { recursive: true });
});

const click = (eventId: string) => ({ eventType: 'click', userId: 'u', eventId });

it('what Kafka did not acknowledge is answered 503, and accepted when it is back', async () => {
  const send = (id: string) => post(`${service.url}/v1/events`, click(id));
  expect((await send('before')).status).toBe(202);
  const { KAFKA_PORT, KAFKA_CONTROLLER_PORT } = broker.settings;
  await broker.stop();

  const startedAt = Date.now();
  const answers = await Promise.all([
    send('during-1'),
    send('during-2'),
    post(`${service.url}/v1/events`, {}),
  ]);
  expect(Date.now() - startedAt).toBeLessThan(8_000);
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'SERVICE_UNAVAILABLE' } } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }

  const batch = (name: string) => Array.from({ length: 900 }, (_, index) => click(`${name}-${index}`));
  const slow = post(`${service.url}/v1/events:batch`, batch('slow'));
  const atOnce = await eventually(async () => {
    const answer = await post(`${service.url}/v1/events:batch`, batch('full'));
    expect(answer.body.error.details?.reason).toMatch(/too many/);
    return answer;
  });
  expect(atOnce.status).toBe(503);
  expect((await slow).status).toBe(503);
  expect((await fetch(`${service.url}/livez`)).status).toBe(200);

  broker = await startBroker({ KAFKA_PORT, KAFKA_CONTROLLER_PORT });
  await eventually(async () => expect((await send('after')).status).toBe(202));
  const rows = await ingestion.rows('ecom.clickstream.v1');
  const ids = new Set(rows.map(({ event_id }) => event_id));
  expect(ids).toContain('before');
  expect(ids).toContain('after');
});
