// The claims of a running service are deleted, as a FLUSHALL or a server without its data would do; then every event comes again.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clickstream } from '@shopstream/contracts';
import { createLogger } from '@shopstream/platform';
import { connectRedis, type RedisStore } from '@shopstream/stores';
import { type EventProducer, type Output } from '@shopstream/streams';
import { clickstreamEvent, eventually, testSettings } from '@shopstream/testkit';
import { freshIngestion, type Ingestion } from './setup.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const SESSIONS = 13;

let ingestion: Ingestion;
let producer: EventProducer;
let redis: RedisStore;

beforeEach(async () => {
  ingestion = await freshIngestion({ partitions: 4 });
  redis = connectRedis({ ...testSettings(), REDIS_KEY_PREFIX: '' }, { logger });
  await redis.start();
  producer = ingestion.streams.createProducer({ topics: ['ecom.clickstream.v1'] });
  await producer.start();
});

afterEach(async () => {
  await producer.stop();
  await ingestion.close();
  await redis.stop();
});

/** Each copy in another session, and so mostly in another partition. */
const copies = (from: number, count: number, copy: number): Clickstream[] =>
  Array.from({ length: count }, (_, index) =>
    clickstreamEvent({
      event_id: `e-${from + index}`,
      session_id: `s-${(from + index + copy * 5) % SESSIONS}`,
      event_type: index % 3 === 0 ? 'like' : 'page_view',
    }),
  );

const send = (rows: readonly Clickstream[]): Promise<void> =>
  producer.send(rows.map((value): Output => ({ topic: 'ecom.clickstream.v1', value })));

/** Ids of all that passed, in clean events and signals. */
async function passed(): Promise<string[]> {
  const rows = [
    ...(await ingestion.rows('ecom.events-clean.v1')),
    ...(await ingestion.rows('ecom.signals.v1')),
  ];
  return rows.map(({ event_id }) => event_id);
}

/** Waits until all of the clickstream has been decided on, and answers what passed. */
async function allPassed(): Promise<string[]> {
  const ends = await ingestion.streams.admin.endOffsets('ecom.clickstream.v1');
  await eventually(
    async () => {
      const lags = await ingestion.streams.admin.lag();
      const done = lags.filter(
        ({ group, topic }) => group.endsWith('cleaning') && topic === 'ecom.clickstream.v1',
      );
      const filled = [...ends].filter(([, { high }]) => high > 0n);
      for (const [partition, { high }] of filled)
        expect(done.find((lag) => lag.partition === partition)?.committed).toBe(high);
    },
    { intervalMs: 250 },
  );
  return passed();
}

/** Deletes the keys that match, and answers how many there were. */
async function lose(pattern: string): Promise<number> {
  let count = 0;
  for await (const found of redis.client.scanStream({
    match: `${ingestion.env['REDIS_KEY_PREFIX'] ?? ''}${pattern}`,
    count: 1_000,
  })) {
    const keys = found as string[];
    if (keys.length > 0) count += await redis.client.unlink(keys);
  }
  return count;
}

const expectEachOnce = (ids: readonly string[], count: number): void => {
  expect(ids).toHaveLength(count);
  expect(new Set(ids).size).toBe(count);
};

describe('events whose claims Redis has lost', () => {
  it('pass once all the same when they come again', async () => {
    const service = await ingestion.start();
    await send(copies(0, 3_000, 0));
    expectEachOnce(await allPassed(), 3_000);
    expect(await lose('*')).toBeGreaterThan(3_000);
    await send([...copies(0, 3_000, 1), ...copies(3_000, 100, 0)]);
    expectEachOnce(await allPassed(), 3_100);
    expect(service.output()).toMatch(/"claims":3000,.*claims are rebuilt/);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/ingestion_claims_rebuilt_total\{[^}]*\} 3000\n/);
  });

  it('would pass twice if the loss were not noticed: it is the epoch that tells', async () => {
    await ingestion.start();
    await send(copies(0, 500, 0));
    expectEachOnce(await allPassed(), 500);
    // Everything but the epoch.
    expect(await lose('dedupe:*:*')).toBe(500);
    await send(copies(0, 500, 1));
    const ids = await allPassed();
    expect(ids).toHaveLength(1_000);
    expect(new Set(ids).size).toBe(500);
  });

  it('pass once while several instances work, whenever claims are lost', async () => {
    await Promise.all([ingestion.start(), ingestion.start(), ingestion.start()]);
    const rounds = 8;
    const perRound = 600;
    for (let round = 0; round < rounds; round += 1) {
      const twins = copies(0, (round + 1) * perRound, round);
      const half = Math.floor(twins.length / 2);
      await send(twins.slice(0, half));
      // In the middle of batches: some are claimed and not committed, some committed and not claimed.
      await lose('*');
      await send([...twins.slice(half), ...copies(round * perRound, perRound, round + 1)]);
    }
    expectEachOnce(await allPassed(), rounds * perRound);
  });
});
