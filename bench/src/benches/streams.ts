import {
  type FlinkEngine,
  type ModelName,
  type ServiceName,
  createConsoleLogger,
  startFlink,
} from '@shopstream/infra';
import { type TopicName, topicNames } from '@shopstream/contracts';
import { Registry, createLogger } from '@shopstream/platform';
import { createStreams, kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';
import type { Bench } from '../bench.ts';
import type { Context } from '../context.ts';
import type { Platform } from '../platform/platform.ts';
import { consumeAll } from '../reference/java-consumer.ts';
import type { Cell, Table } from '../report/table.ts';
import { produceBacklog } from '../stages/backlog.ts';
import { type RunCost, runBounded } from '../streams/bounded-run.ts';

interface Case {
  app: ServiceName;
  model: ModelName;
  input: TopicName;
}

/** In the order of the flow: each reads what the one before it has written. */
const cases: readonly Case[] = [
  { app: 'ingestion', model: 'events-clean', input: 'ecom.clickstream.v1' },
  { app: 'enrichment', model: 'events-enriched', input: 'ecom.events-clean.v1' },
  { app: 'sessionizer', model: 'user-sessions', input: 'ecom.events-enriched.v1' },
  { app: 'popularity', model: 'product-popularity', input: 'ecom.events-enriched.v1' },
];

interface Result {
  model: ModelName;
  events: number;
  consumer: { wallSeconds: number; cpuSeconds: number };
  one: RunCost;
  two: RunCost;
  flink: { wallSeconds: number; cpuSeconds: number };
}

/** Each stage beside the same SQL on Flink and beside Kafka's own consumer, over the same topics in one run. */
export const streams: Bench = {
  name: 'streams',
  about: 'stages beside Flink and a bare consumer, from topic to topic',
  async run(context) {
    const platform = await context.createPlatform();
    const { events, source } = await produceBacklog(platform, context.options);
    context.say(`${events.toLocaleString('en')} events, ${source}`);
    const { SERVERS_DIR: serversDir, FLINK_HEAP_MB: heapMb } = context.servers.settings;
    const { signal } = context;
    const flink = await startFlink({ serversDir, heapMb, logger: createConsoleLogger(), signal });
    try {
      const results: Result[] = [];
      for (const one of cases) results.push(await measure(context, { platform, flink, stage: one }));
      return [toTable(results, source)];
    } finally {
      await flink.stop();
      await platform.remove();
    }
  },
};

async function measure(
  { servers, signal, say }: Context,
  { platform, flink, stage }: { platform: Platform; flink: FlinkEngine; stage: Case },
): Promise<Result> {
  const { app, model, input } = stage;
  const { env } = platform;
  const base = env['KAFKA_TOPIC_PREFIX'] ?? '';
  const brokers = env['KAFKA_BROKERS'] ?? '';
  say(`${model}: bare consumer`);
  const { SERVERS_DIR: serversDir } = servers.settings;
  const consumer = await consumeAll({ brokers, topic: `${base}${input}`, serversDir }, signal);
  say(`${model}: Flink`);
  const twin = await ownTopics(env, 'flink');
  // Loading and planning are paid by a first run.
  await flink.run(model, { ...twin, INPUT_TOPIC_PREFIX: base, FLINK_PARALLELISM: '2' });
  const again = await ownTopics(env, 'flink-warm');
  const flinkCost = await flink.run(model, { ...again, INPUT_TOPIC_PREFIX: base, FLINK_PARALLELISM: '2' });
  say(`${model}: one process`);
  const single = await ownTopics(env, 'one');
  const one = await runBounded(app, {
    instances: 1,
    env: {
      ...single,
      INPUT_TOPIC_PREFIX: base,
      ...(app === 'enrichment' && { PRODUCTS_TOPIC_PREFIX: base }),
    },
  });
  say(`${model}: two processes`);
  const two = await runBounded(app, { instances: 2, env });
  return { model, events: consumer.rows, consumer, one, two, flink: flinkCost };
}

/** The environment of a run that reads the platform's topics and writes to its own. */
async function ownTopics(env: Record<string, string>, name: string): Promise<Record<string, string>> {
  const prefix = `${env['KAFKA_TOPIC_PREFIX'] ?? ''}${name}-${Date.now().toString(36)}.`;
  const own = {
    ...env,
    KAFKA_TOPIC_PREFIX: prefix,
    REDIS_KEY_PREFIX: `${env['REDIS_KEY_PREFIX'] ?? ''}${name}:`,
  };
  const created = createStreams(z.object(kafkaConfigShape).parse(own), {
    name: 'bench',
    logger: createLogger({ name: 'bench', level: 'silent' }),
    metrics: new Registry(),
  });
  await created.admin.createTopics(topicNames);
  await created.admin.stop();
  return own;
}

function toTable(results: readonly Result[], source: string): Table {
  const micros = (seconds: number, events: number): number => (seconds / events) * 1e6;
  return {
    title: `Stages, Flink and a bare consumer over the same topics: ${source}`,
    head: [
      'model',
      'events',
      'consumer, events/s',
      'Flink ∥2, events/s',
      '1 process, events/s',
      '2 processes, events/s',
      'Flink, CPU µs/event',
      '1 process, CPU µs/event',
      '2 processes, CPU µs/event',
      'Flink CPU ÷ ours',
      'events/s ÷ Flink',
      'peak MB, 2 processes',
    ],
    rows: results.map(({ model, events, consumer, one, two, flink }): Cell[] => [
      model,
      events,
      events / consumer.wallSeconds,
      events / flink.wallSeconds,
      events / one.wallSeconds,
      events / two.wallSeconds,
      micros(flink.cpuSeconds, events),
      micros(one.cpuSeconds, events),
      micros(two.cpuSeconds, events),
      flink.cpuSeconds / one.cpuSeconds,
      events / two.wallSeconds / (events / flink.wallSeconds),
      two.peakMb,
    ]),
    notes: [
      'Ours: RUN_MODE=bounded, from the start of the processes to their end, transactions and state included.',
      "Flink: a warm engine's second run of the same SQL, at parallelism 2; its start is not counted, planning is.",
      "The consumer: Kafka's own Java client, read committed, decoding nothing. The broker shares the two cores with all of them.",
    ],
  };
}
