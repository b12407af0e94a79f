import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TopicName, topicNames } from '@shopstream/contracts';
import {
  eventually,
  freshRedisPrefix,
  type ServiceProcess,
  startServiceProcess,
  testSettings,
} from '@shopstream/testkit';
import { createLogger, createMetrics } from '@shopstream/platform';
import { type LogRecord, createStreams, kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';
import { type FreshTopics, fill, freshTopics } from '../differential/our-stages.ts';
import { type Expected, expectedPopularity, expectedSessions } from '../oracle/batch-oracle.ts';
import { run, runOk } from '../platform/run.ts';
import { products, shoppingEvents } from './shopping-history.ts';

const DISORDER_MS = 30_000;
const EVENTS = 600;
const PARTITIONS = 2;
const LIVE = ['ingestion', 'enrichment', 'sessionizer', 'popularity'];

let topics: FreshTopics;
let env: Record<string, string>;
let folder: string;
const redis = freshRedisPrefix();
const running: ServiceProcess[] = [];

/** Everything that a backfill must leave as it is, a line each. */
async function standing(): Promise<string[]> {
  const { admin } = topics.streams;
  const ends = topicNames.map(async (topic) =>
    [...(await admin.endOffsets(topic))].map(([p, { low, high }]) => `${topic}/${p} from ${low} to ${high}`),
  );
  const groups = (await admin.lag()).map(
    (row) => `${row.group} ${row.topic}/${row.partition} at ${row.committed}`,
  );
  return [...(await Promise.all(ends)).flat(), ...groups.filter((line) => !line.includes('backfill-'))];
}

/** Over the last row of each key. Where every event is in it, no row is due any more. */
function sumOfLast<Row>(rows: readonly { key: string; value: Row }[], count: (row: Row) => number): number {
  const last = new Map(rows.map(({ key, value }) => [key, count(value)]));
  return [...last.values()].reduce((sum, each) => sum + each, 0);
}

beforeAll(async () => {
  topics = await freshTopics('backfill', PARTITIONS);
  env = { ...testSettings(), KAFKA_TOPIC_PREFIX: topics.prefix, REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX };
  await fill(topics, { products: products(), events: shoppingEvents(0, EVENTS), closedAtMs: 0 });
  for (const app of LIVE) running.push(await startServiceProcess({ app, built: true, env }));
  await eventually(
    async () => {
      const sessions = await topics.rows('ecom.user-sessions.v1');
      expect(sumOfLast(sessions, (row) => row.event_count)).toBe(EVENTS);
      const popularity = await topics.rows('ecom.product-popularity.v1');
      expect(sumOfLast(popularity, (row) => row.total_interactions)).toBe((EVENTS / 4) * 3);
      const lag = await topics.streams.admin.lag();
      expect(new Set(lag.map(({ group }) => group)).size).toBe(LIVE.length + 1);
      expect(lag.filter((row) => row.lag !== 0n).map(({ group }) => group)).toEqual([]);
    },
    { deadlineMs: 150_000, intervalMs: 250 },
  );
  folder = await mkdtemp(path.join(tmpdir(), 'backfill-'));
}, 240_000);

afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await topics.streams.admin.removeAll();
  await topics.streams.admin.stop();
  await redis.drop();
  await rm(folder, { recursive: true });
}, 120_000);

const shopstream = (...args: string[]) => runOk(['apps/cli/dist/main.js', ...args], env);

async function rowsOf<T extends TopicName>(name: string, topic: T) {
  const records: LogRecord<T>[] = [];
  // A client that has seen a topic does not work any more when that was removed: each reading has its own.
  const config = z
    .object(kafkaConfigShape)
    .parse({ ...env, KAFKA_TOPIC_PREFIX: `${topics.prefix}backfill-${name}.` });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const streams = createStreams(config, { name: 'test', logger, metrics: createMetrics('test') });
  await streams.readLog({ topic, from: 'beginning', until: 'now' }, (record) => void records.push(record));
  await streams.admin.stop();
  return records.map(({ partition, offset, key, value }) => {
    if (value === null || value instanceof Error)
      throw new Error(`no row at ${topic}/${partition}/${offset}`);
    return { partition, offset, key, value };
  });
}

/** A key has one row, a final one, with the columns of the batch job. */
function expectEqual(
  records: readonly { key: Buffer | null; value: { revision: number } }[],
  expected: Expected,
): void {
  const rows = records.map(
    ({ key, value: { revision: _revision, ...columns } }) => [String(key), columns] as const,
  );
  const wanted = [...expected.rows].map(([key, row]) => [key, { ...row, is_final: true }] as const);
  expect(rows.sort(byKey)).toEqual(wanted.sort(byKey));
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

async function expectWhatABatchComputes(
  name: string,
  enriched: Parameters<typeof expectedSessions>[0],
): Promise<void> {
  expectEqual(await rowsOf(name, 'ecom.user-sessions.v1'), expectedSessions(enriched, DISORDER_MS));
  const popularity = expectedPopularity(enriched, { disorderMs: DISORDER_MS, partitions: PARTITIONS });
  expectEqual(await rowsOf(name, 'ecom.product-popularity.v1'), popularity);
}

describe('a backfill', () => {
  it('of the whole log makes the rows of a batch job, all final, and leaves the live platform as it is', async () => {
    const before = await standing();
    const printed = JSON.parse(await shopstream('backfill', '--name', 'whole', '--json')) as object;
    expect(await standing()).toEqual(before);
    const enriched = await rowsOf('whole', 'ecom.events-enriched.v1');
    expect(enriched.map(({ value }) => value.event_id).sort()).toEqual(
      Array.from({ length: EVENTS }, (_, i) => `e${i}`).sort(),
    );
    expect(printed).toMatchObject({ 'ecom.events-clean.v1': EVENTS, 'ecom.events-enriched.v1': EVENTS });
    expect(new Set(enriched.flatMap(({ value }) => value.product_price ?? [])).size).toBe(6);
    await expectWhatABatchComputes('whole', enriched);
  }, 180_000);

  it('started again under its name adds nothing, and is gone when it was removed', async () => {
    const args = ['backfill', '--name', 'whole', '--json'];
    const counts = async () => JSON.parse(await shopstream(...args)) as Record<string, number>;
    const first = await rowsOf('whole', 'ecom.user-sessions.v1');
    expect((await counts())['ecom.user-sessions.v1']).toBe(first.length);
    expect(await shopstream('backfill', '--name', 'whole', '--remove')).toMatch(/^Removed \d+ topics/);
    const groups = (await topics.streams.admin.lag()).map(({ group }) => group);
    expect(groups.filter((group) => group.includes('backfill-'))).toEqual([]);
  }, 180_000);

  it('of some stages over a range takes what lies between its offsets', async () => {
    const before = await standing();
    const range = ['--from', '0:100,1:50', '--until', '0:200'];
    await shopstream('backfill', '--name', 'part', '--stages', 'popularity,sessionizer', ...range);
    expect(await standing()).toEqual(before);
    const enriched: LogRecord<'ecom.events-enriched.v1'>[] = [];
    const from = { offsets: new Map([0, 1].map((partition) => [partition, partition === 0 ? 100n : 50n])) };
    const topic = 'ecom.events-enriched.v1';
    await topics.streams.readLog({ topic, from, until: 'now' }, (record) => {
      if (record.partition === 1 || record.offset < 200n) enriched.push(record);
    });
    const events = enriched.flatMap(({ partition, offset, value }) =>
      value === null || value instanceof Error ? [] : [{ partition, offset, value }],
    );
    expect(events.length).toBeLessThan(EVENTS);
    await expectWhatABatchComputes('part', events);
  }, 180_000);

  it('of a file sends its events through a collector of its own, at the times that they had', async () => {
    const before = await standing();
    const file = path.join(folder, 'history.ndjson');
    const lines = Array.from({ length: 200 }, (_, i) => ({
      eventId: `f${i}`,
      eventType: 'view',
      productId: `p${i % 3}`,
      sessionId: `s${i % 7}`,
      userId: `u${i % 5}`,
      timestamp: new Date(Date.UTC(2024, 1, 29) + i * 60_000),
    }));
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    await shopstream('backfill', file, '--name', 'file');
    expect(await standing()).toEqual(before);
    const enriched = await rowsOf('file', 'ecom.events-enriched.v1');
    const times = new Map(enriched.map(({ value }) => [value.event_id, value.timestamp]));
    expect(times).toEqual(new Map(lines.map(({ eventId, timestamp }) => [eventId, timestamp.getTime()])));
    await expectWhatABatchComputes('file', enriched);
    const again = await run(['apps/cli/dist/main.js', 'backfill', file, '--name', 'file'], env);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--remove it first') });
  }, 180_000);

  it('that makes no sense is refused with the reason', async () => {
    const refusal = async (...args: string[]) => {
      const { code, stderr } = await run(['apps/cli/dist/main.js', 'backfill', '--name', 'no', ...args], env);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refusal('--stages', 'cleaning,popularity')).toContain('between those named is missing');
    expect(await refusal('--stages', 'everything')).toContain('They are cleaning, enrichment');
    expect(await refusal('--from', 'yesterday')).toContain('offsets such as 0:1500,1:1498');
    expect(await refusal('events.ndjson', '--from', '24h')).toContain('a file is taken whole');
  }, 60_000);
});
