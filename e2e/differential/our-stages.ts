import { type ConsumerGroup, consumerGroups, type TopicName, topicNames } from '@shopstream/contracts';
import { createLogger, createMetrics } from '@shopstream/platform';
import { type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import {
  eventually,
  freshRedisPrefix,
  type ServiceProcess,
  startServiceProcess,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import { z } from 'zod';
import type { DataSet } from './data-set.ts';
import type { PlacedRow } from './compare-rows.ts';

/** In the order of the flow: what one has read entirely, those before it add nothing to any more. */
const FLOW: readonly ConsumerGroup[] = [
  'cleaning',
  'enrichment',
  'sessionizer',
  'popularity-split',
  'popularity',
];
const APPS = ['ingestion', 'enrichment', 'sessionizer', 'popularity'] as const;
const SEND_ROWS = 5_000;

/** Topics under a prefix of their own. */
export interface FreshTopics {
  prefix: string;
  streams: Streams;
  rows<T extends TopicName>(topic: T): Promise<PlacedRow<T>[]>;
}

export async function freshTopics(name: string, partitions: number): Promise<FreshTopics> {
  const prefix = `${uniqueName(name)}.`;
  const config = z.object(kafkaConfigShape).parse({ ...testSettings(), KAFKA_TOPIC_PREFIX: prefix });
  const logger = createLogger({ name, level: 'silent' });
  const streams = createStreams(config, { name, logger, metrics: createMetrics(name) });
  await streams.registerSchemas();
  await streams.admin.createTopics(topicNames, { partitions });
  return {
    prefix,
    streams,
    async rows(topic) {
      const rows: PlacedRow<typeof topic>[] = [];
      await streams.readLog({ topic, from: 'beginning', until: 'now' }, ({ partition, key, value }) => {
        if (value instanceof Error) throw value;
        if (value !== null) rows.push({ partition, key: key?.toString() ?? '', value });
      });
      return rows;
    },
  };
}

export async function fill({ streams }: FreshTopics, { products, events }: DataSet): Promise<void> {
  const producer = streams.createProducer({ topics: ['ecom.clickstream.v1', 'ecom.products.v1'] });
  await producer.start();
  const outputs = [
    ...products.map((value) => ({ topic: 'ecom.products.v1' as const, value })),
    ...events.map((value) => ({ topic: 'ecom.clickstream.v1' as const, value })),
  ];
  for (let start = 0; start < outputs.length; start += SEND_ROWS)
    await producer.send(outputs.slice(start, start + SEND_ROWS));
  await producer.stop();
}

/** Runs several instances of each stage over what is in the topics, until all of it has gone through. */
export async function runStages(topics: FreshTopics, instances: number): Promise<void> {
  const redis = freshRedisPrefix();
  const env = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: topics.prefix,
    REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX,
    LOG_LEVEL: 'warn',
  };
  const wanted = APPS.flatMap((app) => Array.from({ length: instances }, () => app));
  const running: ServiceProcess[] = [];
  try {
    await Promise.all(
      wanted.map(async (app) => running.push(await startServiceProcess({ app, built: true, env }))),
    );
    for (const group of FLOW) {
      await eventually(() => expectDrained(topics, group), { deadlineMs: 240_000, intervalMs: 250 });
    }
  } finally {
    await Promise.all(running.map((service) => service.stop()));
    await redis.drop();
  }
}

async function expectDrained({ prefix, streams }: FreshTopics, group: ConsumerGroup): Promise<void> {
  const lag = (await streams.admin.lag()).filter((row) => row.group === prefix + group);
  for (const topic of consumerGroups[group]) {
    for (const [partition, { low, high }] of await streams.admin.endOffsets(topic)) {
      const row = lag.find((each) => each.topic === topic && each.partition === partition);
      const behind = high - (row?.committed ?? low);
      if (behind > 0n) throw new Error(`${group} is ${behind} behind in ${topic}, partition ${partition}`);
    }
  }
}
