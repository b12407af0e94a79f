import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger, createMetrics, parseEnv } from '@shopstream/platform';
import { createStreams, kafkaConfigShape } from '@shopstream/streams';
import {
  freshRedisPrefix,
  type ServiceProcess,
  startServiceProcess,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import { z } from 'zod';
import { runCli, toLines } from './run-cli.ts';

const SESSIONS = 29;
const ROWS = 600;
const env = { ...testSettings(), KAFKA_TOPIC_PREFIX: `${uniqueName('cli_replay')}.` };

let redis: ReturnType<typeof freshRedisPrefix>;
let ingestion: ServiceProcess;
let folder: string;
let file: string;

beforeAll(async () => {
  const config = parseEnv(z.object(kafkaConfigShape), env);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const streams = createStreams(config, { name: 'test', logger, metrics: createMetrics('test') });
  await streams.registerSchemas();
  await streams.admin.createTopics();
  await streams.admin.stop();
  redis = freshRedisPrefix();
  ingestion = await startServiceProcess({
    app: 'ingestion',
    env: { ...env, REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX },
  });
  folder = await mkdtemp(path.join(tmpdir(), 'replay-'));
  file = path.join(folder, 'events.csv.gz');
  await writeFile(file, gzipSync(toCsv()));
});

afterAll(async () => {
  await ingestion.stop();
  await redis.drop();
  await rm(folder, { recursive: true });
});

/** Sessions take turns; each tenth row has a price that cannot be. */
function toCsv(): string {
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const at = new Date(Date.UTC(2011, 0, 1) + index * 1_000).toISOString();
    const price = index % 10 === 9 ? '-1' : '2.50';
    return `r${index},${at},purchase,c${index % SESSIONS},i${index % SESSIONS},P${index % 7},1,${price},GBP,United Kingdom`;
  });
  return `event_id,ts,event_type,user_id,session_id,product_id,quantity,price,currency,country\n${rows.join('\n')}\n`;
}

const replay = (...args: string[]) => runCli(['replay', ...args, '--gateway', ingestion.url, '--json'], env);

async function clickstream(): Promise<{ event_id: string; session_id: string; timestamp: string }[]> {
  const { out } = await runCli(['topic', 'cat', 'clickstream', '--from-beginning', '--until-now'], env);
  return toLines(out).map(({ value }) => value as never);
}

describe('replay', () => {
  it('brings every good row to the topic, each session in its order and at its own times, and tells of the others', async () => {
    const { code, out } = await replay(file, '--batch', '50', '--concurrency', '3');
    expect(code).toBe(1);
    const refused = ROWS / 10;
    expect(toLines(out)[0]).toMatchObject({
      sent: ROWS,
      accepted: ROWS - refused,
      refused,
      refusals: [{ field: 'unit_price', reason: 'must not be negative', count: refused }],
      stopped: false,
    });
    const rows = await clickstream();
    expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(ROWS - refused);
    expect(rows).toHaveLength(ROWS - refused);
    for (let session = 0; session < SESSIONS; session += 1) {
      const times = rows
        .filter(({ session_id }) => session_id === `i${session}`)
        .map(({ timestamp }) => timestamp);
      expect(times).toEqual([...times].sort());
      expect(times[0]).toMatch(/^2011-01-01T/);
    }
  });

  it('succeeds with refused rows where that is allowed, and moves times so that the last is now', async () => {
    const moved = path.join(folder, 'moved.ndjson');
    const event = { event_type: 'page_view', product_id: 'P1', session_id: 'moved', user_id: 'u1' };
    const lines = [60, 30, 0].map((second) =>
      JSON.stringify({
        ...event,
        event_id: hash(second),
        timestamp: new Date(Date.UTC(2012, 0, 1) - second * 1_000),
      }),
    );
    await writeFile(moved, [...lines, 'no json'].join('\n'));
    const startedMs = Date.now();
    expect(await replay(moved, '--times', 'now', '--allow-refused')).toMatchObject({ code: 0 });
    const times = (await clickstream())
      .filter(({ session_id }) => session_id === 'moved')
      .map(({ timestamp }) => Date.parse(timestamp));
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 30_000, 60_000]);
    expect(times[2]).toBeGreaterThan(startedMs - 1_000);
    expect(times[2]).toBeLessThan(Date.now());
  });
});

describe('simulate', () => {
  it('sends only events that the collector takes', async () => {
    const args = [
      'simulate',
      '--seed',
      '3',
      '--rate',
      '200',
      '--duration',
      '2',
      '--gateway',
      ingestion.url,
      '--json',
    ];
    const { code, out, err } = await runCli(args, env);
    expect([code, err]).toEqual([0, '']);
    expect(toLines(out)[0]).toMatchObject({ sent: 400, accepted: 400, refused: 0 });
  });
});

const hash = (value: number): string => createHash('sha256').update(String(value)).digest('hex');
