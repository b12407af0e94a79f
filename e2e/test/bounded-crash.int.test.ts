import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EnrichedEvent } from '@shopstream/contracts';
import { enrichedEvent, eventually, noonMs, startServiceProcess, testSettings } from '@shopstream/testkit';
import { type FreshTopics, freshTopics } from '../differential/our-stages.ts';
import { expectedPopularity } from '../oracle/batch-oracle.ts';

const EVENTS = 20_000;
const SEND_ROWS = 5_000;
const PARTITIONS = 3;
const input = 'ecom.events-enriched.v1';

let topics: FreshTopics;

beforeAll(async () => {
  topics = await freshTopics('bounded', PARTITIONS);
  const producer = topics.streams.createProducer({ topics: [input] });
  await producer.start();
  for (let from = 0; from < EVENTS; from += SEND_ROWS)
    await producer.send(
      Array.from({ length: SEND_ROWS }, (_, k) => ({ topic: input, value: eventOf(from + k) }) as const),
    );
  await producer.stop();
}, 120_000);

afterAll(async () => {
  await topics.streams.admin.removeAll();
  await topics.streams.admin.stop();
}, 60_000);

const eventOf = (i: number): EnrichedEvent =>
  enrichedEvent({
    event_id: `e${i}`,
    session_id: `s${i % 11}`,
    user_identifier: `u${i % 13}`,
    product_id: `p${i % 40}`,
    timestamp: noonMs + i * 500,
  });

/** Instances of one bounded group. */
const start = () =>
  startServiceProcess({
    app: 'popularity',
    built: true,
    waitUntilReady: false,
    env: { ...testSettings(), KAFKA_TOPIC_PREFIX: topics.prefix, RUN_MODE: 'bounded', LOG_LEVEL: 'warn' },
  });

describe('a bounded run of which an instance is killed in the middle', () => {
  it('is brought to its end by the others and the next one, each row once', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    await eventually(
      async () => {
        const ends = await topics.streams.admin.endOffsets('ecom.popularity-partials.v1');
        expect([...ends.values()].some(({ high }) => high > 0n)).toBe(true);
      },
      { deadlineMs: 120_000, intervalMs: 20 },
    );
    await first.stop('SIGKILL');
    const next = await start();
    for (const instance of [second, next]) {
      const { code } = await instance.exited;
      if (code !== 0) throw new Error(instance.output());
    }
    const rows = await topics.rows('ecom.product-popularity.v1');
    const enriched = Array.from({ length: EVENTS }, (_, i) => ({
      partition: 0,
      offset: BigInt(i),
      value: eventOf(i),
    }));
    const expected = expectedPopularity(enriched, { disorderMs: 30_000, partitions: 1 });
    const made = new Map(rows.map(({ key, value: { revision: _revision, ...columns } }) => [key, columns]));
    expect(rows).toHaveLength(expected.rows.size);
    for (const [key, row] of expected.rows) expect(made.get(key)).toEqual({ ...row, is_final: true });
  }, 420_000);

  it('is over: a live instance refuses to put aside all that would come', async () => {
    const live = await startServiceProcess({
      app: 'popularity',
      built: true,
      waitUntilReady: false,
      env: { ...testSettings(), KAFKA_TOPIC_PREFIX: topics.prefix, LOG_LEVEL: 'warn' },
    });
    expect(await live.exited).toEqual({ code: 1, signal: null });
    expect(live.output()).toContain('a bounded run has ended here');
  }, 120_000);
});
