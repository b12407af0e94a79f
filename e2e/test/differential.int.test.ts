// The same input through our stages and through Flink's SQL: the rows of all topics are the same, row by row.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type FlinkEngine,
  type ModelName,
  type RunSettings,
  createConsoleLogger,
  loadSettings,
  startFlink,
} from '@shopstream/infra';
import type { TopicName } from '@shopstream/contracts';
import { testSettings } from '@shopstream/testkit';
import { adversarialEvents } from '../differential/adversarial-events.ts';
import { type PlacedRow, compareRows } from '../differential/compare-rows.ts';
import type { DataSet } from '../differential/data-set.ts';
import { type FreshTopics, fill, freshTopics, runStages } from '../differential/our-stages.ts';
import { hasRealEvents, realEvents } from '../differential/real-events.ts';

const DISORDER_MS = 30_000;
const DAY_MS = 86_400_000;
/** The first run loads Flink. */
const MODEL_TIMEOUT_MS = 900_000;

interface Case {
  name: string;
  data: () => DataSet;
  partitions: number;
  /** Instances of each of our stages, which share a backlog. */
  instances: number;
}

const cases: Case[] = [
  {
    name: 'adversarial events in several partitions, a backlog for two instances of each stage',
    // Within the bound, so that nothing is late: what is, depends with several partitions on the order in which Flink reads them.
    data: () => adversarialEvents({ seed: 1, count: 6_000, disorderMs: DISORDER_MS - 1, lateShare: 0 }),
    partitions: 4,
    instances: 2,
  },
  {
    name: 'adversarial events with late ones in one partition',
    data: () => adversarialEvents({ seed: 2, count: 4_000, disorderMs: DISORDER_MS, lateShare: 0.05 }),
    partitions: 1,
    instances: 1,
  },
];

let flink: FlinkEngine;
beforeAll(async () => {
  const { SERVERS_DIR: serversDir, FLINK_HEAP_MB: heapMb } = loadSettings(process.env);
  const logger = createConsoleLogger();
  flink = await startFlink({ serversDir, heapMb, logger, signal: new AbortController().signal });
}, 600_000);
afterAll(() => flink.stop(), 60_000);

for (const each of cases) describe(each.name, () => testsOf(each));

const folder = 'rees46_2019_10_01';
(hasRealEvents(folder) ? describe : describe.skip)('real events of a multi-category store', () =>
  testsOf({ name: folder, data: () => realEvents(folder, 17_429), partitions: 4, instances: 2 }),
);

function testsOf({ data, partitions, instances }: Case): void {
  let ours: FreshTopics;
  let flinks: FreshTopics;
  let closedAtMs: number;

  beforeAll(async () => {
    const input = data();
    ({ closedAtMs } = input);
    ours = await freshTopics('differential', partitions);
    flinks = await freshTopics('differential_flink', partitions);
    await fill(ours, input);
    await runStages(ours, instances);
  }, 600_000);
  afterAll(async () => {
    await ours.streams.admin.stop();
    await flinks.streams.admin.stop();
  });

  /** Each model reads what our stage of the same name read. */
  async function run(model: ModelName, settings: RunSettings = {}, output = flinks): Promise<void> {
    await flink.run(model, {
      ...testSettings(),
      INPUT_TOPIC_PREFIX: ours.prefix,
      KAFKA_TOPIC_PREFIX: output.prefix,
      OUT_OF_ORDERNESS_MS: String(DISORDER_MS),
      FLINK_PARALLELISM: String(Math.min(2, partitions)),
      ...settings,
    });
  }

  async function expectSame(topic: TopicName): Promise<void> {
    const [left, right] = [finalRows(await ours.rows(topic)), finalRows(await flinks.rows(topic))];
    expect(compareRows(left, right).slice(0, 10)).toEqual([]);
    expect(left.length).toBeGreaterThan(100);
  }

  const finalRows = (rows: readonly PlacedRow[]): PlacedRow[] =>
    rows.filter(({ value }) => {
      if (!('is_final' in value)) return true;
      const startMs = 'window_start' in value ? value.window_start : value.session_start;
      return value.is_final && startMs < closedAtMs;
    });

  it(
    'makes the same rows of events-clean and signals',
    async () => {
      await run('events-clean');
      await expectSame('ecom.events-clean.v1');
    },
    MODEL_TIMEOUT_MS,
  );

  it(
    'makes the same rows of events-enriched',
    async () => {
      // Flink forgets versions that only an event later than the bound needs; the stage does not.
      await run('events-enriched', { OUT_OF_ORDERNESS_MS: String(DAY_MS) });
      await expectSame('ecom.events-enriched.v1');
    },
    MODEL_TIMEOUT_MS,
  );

  it(
    'makes the same final rows of user-sessions',
    async () => {
      await run('user-sessions');
      await expectSame('ecom.user-sessions.v1');
    },
    MODEL_TIMEOUT_MS,
  );

  it(
    'makes the same final rows of product-popularity',
    async () => {
      await run('product-popularity');
      await expectSame('ecom.product-popularity.v1');
    },
    MODEL_TIMEOUT_MS,
  );

  it(
    'would notice one event that is missing',
    async () => {
      const others = await freshTopics('differential_mutant', partitions);
      const starts = Array.from(
        { length: partitions },
        (_, partition) => `${partition}:${partition === 0 ? 1 : 0}`,
      );
      await run('user-sessions', { INPUT_FROM: starts.join(',') }, others);
      const [left, right] = [
        await ours.rows('ecom.user-sessions.v1'),
        await others.rows('ecom.user-sessions.v1'),
      ];
      await others.streams.admin.stop();
      expect(compareRows(finalRows(left), finalRows(right))).toHaveLength(1);
    },
    MODEL_TIMEOUT_MS,
  );
}
