import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EnrichedEvent } from '@shopstream/contracts';
import { cleanEvent, enrichedEvent, eventually } from '@shopstream/testkit';
import type { RecordStage, Runnable, RunnableStage, Streams, StreamsConfig } from '../src/index.ts';
import { counting } from './processors.ts';
import { freshStreams, readAll } from './setup.ts';

const PARTITIONS = 4;
const options = { interimMs: 100, idleMs: 1_000, maxOpenWindows: 10_000 };
const start = Date.UTC(2026, 0, 5);
const topic = 'ecom.events-enriched.v1';

let streams: Streams;
let again: (settings?: Partial<StreamsConfig>) => Streams;
let prefix: string;
const running = new Set<Runnable>();
const admins: Streams[] = [];

beforeEach(async () => {
  ({ streams, again, prefix } = await freshStreams({ partitions: PARTITIONS }));
  admins.push(streams);
});

afterEach(async () => {
  await Promise.all([...running].map((stage) => stage.stop()));
  running.clear();
  await Promise.all(admins.splice(0).map(({ admin }) => admin.stop()));
});

const bounded = (settings: Partial<StreamsConfig> = {}): Streams => {
  const other = again({ RUN_MODE: 'bounded', ...settings });
  admins.push(other);
  return other;
};

async function run(
  stages: readonly RunnableStage[],
): Promise<{ ended: Promise<unknown>; stop: () => Promise<void> }> {
  for (const stage of stages) {
    await stage.start();
    running.add(stage);
  }
  const stop = async (): Promise<void> => {
    for (const stage of stages) running.delete(stage);
    await Promise.all(stages.map((stage) => stage.stop()));
  };
  return { ended: Promise.all(stages.map(async ({ ended }) => ended)), stop };
}

async function untilEnded(stages: readonly RunnableStage[]): Promise<void> {
  const { ended, stop } = await run(stages);
  await ended;
  await stop();
}

/** In transactions, as the rows of a stage are: their markers are the last thing in each partition. */
async function send(events: readonly EnrichedEvent[]): Promise<void> {
  const producer = streams.createJointProducer({ topics: [topic], id: 'input' });
  await producer.start();
  await producer.send(events.map((value) => ({ topic, value })));
  await producer.stop();
}

/** Three sessions only, so that a partition at least has no record at all. */
const shoppers = (from: number, count: number): EnrichedEvent[] =>
  Array.from({ length: count }, (_, k) => {
    const i = from + k;
    return enrichedEvent({
      event_id: `e${i}`,
      session_id: `s${i % 3}`,
      user_identifier: `u${(i * 7) % 11}`,
      product_id: `product-${i % 3}`,
      timestamp: start + i * 100,
    });
  });

function expected(events: readonly EnrichedEvent[]): string[] {
  const windows = new Map<string, Set<string>[]>();
  for (const { product_id, timestamp, user_identifier } of events) {
    const key = `${product_id} ${timestamp - (timestamp % 10_000)}`;
    windows.set(key, [...(windows.get(key) ?? []), new Set([user_identifier ?? ''])]);
  }
  return [...windows]
    .map(([key, users]) => `${key} ${users.length} ${new Set(users.flatMap((u) => [...u])).size} true`)
    .sort();
}

/** All rows, interim ones too, if there were any. */
async function rows(): Promise<string[]> {
  const records = await readAll(streams, 'ecom.product-popularity.v1');
  return records
    .flatMap(({ value }) => (value === null || value instanceof Error ? [] : [value]))
    .map(
      (row) =>
        `${row.product_id} ${row.window_start} ${row.total_interactions} ${row.unique_users} ${row.is_final}`,
    )
    .sort();
}

const kinds = [
  {
    what: 'a windowed stage',
    stages: (of: Streams): RunnableStage[] => [of.createWindowedStage(counting, options)],
  },
  {
    what: 'a two-step stage',
    stages: (of: Streams): RunnableStage[] => of.createTwoStepStage(counting, options),
  },
];

describe.each(kinds)('a bounded run of $what', ({ stages }) => {
  it('ends by itself with one row of each window, all final, and adds nothing when it is run again', async () => {
    const log = shoppers(0, 500);
    await send(log);
    await untilEnded(stages(bounded()));
    expect(await rows()).toEqual(expected(log));
    await send(shoppers(500, 50));
    await untilEnded(stages(bounded()));
    expect(await rows()).toEqual(expected(log));
    expect(await readAll(streams, 'ecom.late.v1')).toEqual([]);
  });

  it('ends over topics without any record', async () => {
    await untilEnded(stages(bounded()));
    expect(await rows()).toEqual([]);
  });

  it('goes on where it was after it was stopped, and counts everything once', async () => {
    const log = shoppers(0, 3_000);
    await send(log.slice(0, 1_500));
    await send(log.slice(1_500));
    const first = await run(stages(bounded()));
    await eventually(async () => {
      const ends = await streams.admin.endOffsets(counting.changelog);
      expect([...ends.values()].some(({ high }) => high > 2n)).toBe(true);
    });
    await first.stop();
    await untilEnded(stages(bounded()));
    expect(await rows()).toEqual(expected(log));
  });

  it('is shared out among instances, of which each ends', async () => {
    const log = shoppers(0, 1_000);
    await send(log);
    const all = [];
    for (let i = 0; i < 3; i += 1) all.push(await run(stages(bounded())));
    await Promise.all(
      all.map(async ({ ended, stop }) => {
        await ended;
        await stop();
      }),
    );
    expect(await rows()).toEqual(expected(log));
  });
});

const copying: RecordStage<'ecom.events-clean.v1'> = {
  name: 'copying',
  input: 'ecom.events-clean.v1',
  changelog: 'ecom.enrichment-changelog.v1',
  lookup: async (records) => records.map(() => undefined),
  process: ({ value }) => [{ topic: 'ecom.signals.v1', value }],
};

describe('a bounded run of a record stage', () => {
  const input = 'ecom.events-clean.v1';

  async function sendClean(from: number, count: number): Promise<void> {
    const producer = streams.createProducer({ topics: [input] });
    await producer.start();
    const value = (i: number) => cleanEvent({ event_id: `e${i}`, session_id: `s${i % 9}` });
    await producer.send(Array.from({ length: count }, (_, k) => ({ topic: input, value: value(from + k) })));
    await producer.stop();
  }

  const idsOf = async (of: Streams): Promise<string[]> =>
    (await readAll(of, 'ecom.signals.v1'))
      .map(({ value }) => (value as { event_id: string }).event_id)
      .sort();
  const ids = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, k) => `e${from + k}`).sort();
  const stageOf = (of: Streams): RunnableStage =>
    of.createRecordStage(copying, { outputs: ['ecom.signals.v1'] });

  it('takes exactly what lies between its offsets, from the topics of another prefix', async () => {
    await sendClean(0, 50);
    const from = await streams.admin.endOffsets(input);
    await sendClean(50, 100);
    const until = await streams.admin.endOffsets(input);
    await sendClean(150, 50);
    const place = (ends: typeof from) => ({ offsets: new Map([...ends].map(([p, { high }]) => [p, high])) });
    const other = await freshStreams({ partitions: PARTITIONS });
    admins.push(other.streams);
    const settings = { INPUT_TOPIC_PREFIX: prefix, INPUT_FROM: place(from), INPUT_UNTIL: place(until) };
    const copy = other.again({ RUN_MODE: 'bounded', ...settings });
    admins.push(copy);
    await untilEnded([stageOf(copy)]);
    expect(await idsOf(other.streams)).toEqual(ids(50, 100));
    expect(await idsOf(streams)).toEqual([]);
  });

  it('after a live one takes what that had left', async () => {
    await sendClean(0, 20);
    const live = await run([stageOf(streams)]);
    await eventually(async () => expect(await idsOf(streams)).toEqual(ids(0, 20)));
    await live.stop();
    await sendClean(20, 20);
    await untilEnded([stageOf(bounded())]);
    expect(await idsOf(streams)).toEqual(ids(0, 40));
  });
});
