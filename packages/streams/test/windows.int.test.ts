import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EnrichedEvent } from '@shopstream/contracts';
import { enrichedEvent, eventually } from '@shopstream/testkit';
import type { Runnable, Streams } from '../src/index.ts';
import { counting } from './processors.ts';
import { freshStreams, readAll } from './setup.ts';

const PARTITIONS = 4;
const options = { interimMs: 200, idleMs: 60_000, maxOpenWindows: 10_000 };
const start = Date.UTC(2026, 0, 5);

let streams: Streams;
let again: () => Streams;
const running = new Set<Runnable>();
const admins: Streams[] = [];

beforeEach(async () => {
  ({ streams, again } = await freshStreams({ partitions: PARTITIONS }));
  admins.push(streams);
});

afterEach(async () => {
  await Promise.all([...running].map((stage) => stage.stop()));
  running.clear();
  await Promise.all(admins.splice(0).map(({ admin }) => admin.stop()));
});

async function run(stages: readonly Runnable[]): Promise<{ stop: () => Promise<void> }> {
  for (const stage of stages) {
    await stage.start();
    running.add(stage);
  }
  const stop = async (): Promise<void> => {
    for (const stage of stages) running.delete(stage);
    await Promise.all(stages.map((stage) => stage.stop()));
  };
  return { stop };
}

const instance = (): Streams => {
  const other = again();
  admins.push(other);
  return other;
};

async function send(events: readonly EnrichedEvent[]): Promise<void> {
  const producer = streams.createProducer({ topics: ['ecom.events-enriched.v1'] });
  await producer.start();
  await producer.send(events.map((value) => ({ topic: 'ecom.events-enriched.v1' as const, value })));
  await producer.stop();
}

/** Shoppers of 20 sessions, a step of event time each; `product` says what they look at. */
const shoppers = (from: number, count: number, product: (i: number) => string): EnrichedEvent[] =>
  Array.from({ length: count }, (_, k) => {
    const i = from + k;
    return enrichedEvent({
      event_id: `e${i}`,
      session_id: `s${i % 20}`,
      user_identifier: `u${(i * 7) % 11}`,
      product_id: product(i),
      timestamp: start + i * 100,
    });
  });

/** Events of every session, without a product, that bring every partition past all windows. */
const laterOn = (): EnrichedEvent[] =>
  Array.from({ length: 20 }, (_, i) =>
    enrichedEvent({ session_id: `s${i}`, product_id: null, timestamp: start + 3_600_000 }),
  );

/** What a few lines of plain counting make of it. */
function expected(events: readonly EnrichedEvent[]): string[] {
  const windows = new Map<string, Set<string>[]>();
  for (const { product_id, timestamp, user_identifier } of events) {
    const key = `${product_id} ${timestamp - (timestamp % 10_000)}`;
    windows.set(key, [...(windows.get(key) ?? []), new Set([user_identifier ?? ''])]);
  }
  return [...windows]
    .map(([key, users]) => `${key} ${users.length} ${new Set(users.flatMap((u) => [...u])).size}`)
    .sort();
}

async function finals(): Promise<string[]> {
  const rows = await readAll(streams, 'ecom.product-popularity.v1');
  return rows
    .flatMap(({ value }) => (value === null || value instanceof Error || !value.is_final ? [] : [value]))
    .map((row) => `${row.product_id} ${row.window_start} ${row.total_interactions} ${row.unique_users}`)
    .sort();
}

const late = async (): Promise<unknown[]> =>
  (await readAll(streams, 'ecom.late.v1')).map(({ value }) => value);

const kinds = [
  {
    what: 'a windowed stage',
    product: (i: number) => `of-session-${i % 20}`,
    stages: (of: Streams): Runnable[] => [of.createWindowedStage(counting, options)],
  },
  {
    what: 'a two-step stage',
    product: (i: number) => `product-${i % 3}`,
    stages: (of: Streams): Runnable[] => of.createTwoStepStage(counting, options),
  },
];

describe.each(kinds)('$what over Kafka', ({ product, stages }) => {
  it('gives the rows of a plain count, while instances come, go and start again', async () => {
    const log = shoppers(0, 1_200, product);
    const first = await run(stages(streams));
    await send(log.slice(0, 300));
    const second = await run(stages(instance()));
    await send(log.slice(300, 600));
    await first.stop();
    await send(log.slice(600, 900));
    await second.stop();
    await send(log.slice(900));
    await run(stages(instance()));
    await send(laterOn());
    await eventually(async () => expect(await finals()).toEqual(expected(log)));
    expect(await late()).toEqual([]);
  });

  it('puts what comes after a final row aside, with its coordinates and the reason', async () => {
    const log = shoppers(0, 40, product);
    await run(stages(streams));
    await send([...log, ...laterOn()]);
    await eventually(async () => expect(await finals()).toEqual(expected(log)));
    await send([enrichedEvent({ event_id: 'straggler', session_id: 's1', timestamp: start + 5 })]);
    await eventually(async () =>
      expect(await late()).toMatchObject([
        {
          event_id: 'straggler',
          stage: 'counting',
          reason: 'window_closed',
          source_topic: 'ecom.events-enriched.v1',
          window_end: start + 10_000,
        },
      ]),
    );
    expect(await finals()).toEqual(expected(log));
  });

  it('restores only the partitions that move when an instance joins', async () => {
    const takings = async (): Promise<number[]> => {
      const barriers = (await readAll(streams, 'ecom.popularity-changelog.v1')).filter(
        ({ key }) => key?.toString() === 'barrier',
      );
      return Array.from(
        { length: PARTITIONS },
        (_, index) => barriers.filter(({ partition }) => partition === index).length,
      );
    };
    await send(shoppers(0, 100, () => 'p'));
    await run([streams.createWindowedStage(counting, options)]);
    await eventually(async () => expect(await takings()).toEqual([1, 1, 1, 1]));
    await run([instance().createWindowedStage(counting, options)]);
    await eventually(async () => expect((await takings()).sort()).toEqual([1, 1, 2, 2]));
    // What was kept is still owned: events of every partition add no taking.
    await send(shoppers(100, 100, () => 'p'));
    await eventually(async () => {
      const lag = (await streams.admin.lag()).filter(({ group }) => group.endsWith(counting.name));
      expect(lag.map((row) => Number(row.lag))).toEqual([0, 0, 0, 0]);
    });
    expect((await takings()).sort()).toEqual([1, 1, 2, 2]);
  });
});
