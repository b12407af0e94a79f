import { type TopicName, consumerGroups, topicNames } from '@shopstream/contracts';
import { Registry, createLogger } from '@shopstream/platform';
import { type LogRecord, type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import {
  type ServiceProcess,
  eventually,
  freshDatabase,
  freshKeyspace,
  freshRedisPrefix,
  startServiceProcess,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import { z } from 'zod';
import { runOk } from './run.ts';

const SERVICES = [
  'ingestion',
  'catalog',
  'enrichment',
  'sessionizer',
  'popularity',
  'interactions',
  'features',
  'serving',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The whole platform with topics, keys and tables of its own on the test servers. */
export interface Platform {
  gateway: string;
  url(service: ServiceName): string;
  start(service: ServiceName): Promise<void>;
  stop(service: ServiceName, signal?: NodeJS.Signals): Promise<void>;
  startAll(): Promise<void>;
  stopAll(): Promise<void>;
  /** Runs `shopstream` and answers what it printed. */
  shopstream(...args: string[]): Promise<string>;
  read<T extends TopicName>(topic: T): Promise<LogRecord<T>[]>;
  /** Waits until every group has read everything, and what it wrote has been read too. */
  drained(deadlineMs?: number): Promise<void>;
  env: Record<string, string>;
  streams: Streams;
  remove(): Promise<void>;
}

/**
 * @param options.partitions of every topic; as declared in the contracts by default
 * @param options.env settings of all services
 */
export async function createPlatform(options: { partitions?: number; env?: object } = {}): Promise<Platform> {
  const [database, keyspace, redis] = [await freshDatabase(), await freshKeyspace(), freshRedisPrefix()];
  const env: Record<string, string> = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: `${uniqueName('e2e')}.`,
    POSTGRES_URL: database.POSTGRES_URL,
    CASSANDRA_KEYSPACE: keyspace.CASSANDRA_KEYSPACE,
    REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX,
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const streams = createStreams(z.object(kafkaConfigShape).parse(env), {
    name: 'e2e',
    logger: createLogger({ name: 'e2e', level: 'silent' }),
    metrics: new Registry(),
  });
  await streams.registerSchemas();
  await streams.admin.createTopics(
    topicNames,
    options.partitions === undefined ? {} : { partitions: options.partitions },
  );
  for (const app of ['catalog', 'interactions']) await runOk([`apps/${app}/dist/migrate.js`], env);

  const running = new Map<ServiceName, ServiceProcess>();
  const urls = new Map<ServiceName, string>();
  const url = (service: ServiceName): string => urls.get(service) ?? 'http://127.0.0.1:1';

  async function start(service: ServiceName): Promise<void> {
    const known = urls.get(service);
    const port = known === undefined ? {} : { HTTP_PORT: new URL(known).port };
    const process = await startServiceProcess({
      app: service,
      built: true,
      env: { ...env, INGESTION_URL: url('ingestion'), ...port },
    });
    running.set(service, process);
    urls.set(service, known ?? process.url);
  }

  async function stop(service: ServiceName, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const process = running.get(service);
    running.delete(service);
    if (process === undefined) return;
    const exit = await process.stop(signal);
    if (signal === 'SIGTERM' && exit.code !== 0) {
      throw new Error(`${service} did not stop cleanly: ${exit.code ?? exit.signal}\n${process.output()}`);
    }
  }

  async function stopAll(): Promise<void> {
    await Promise.all([...running.keys()].map((service) => stop(service)));
  }

  /** Where a group has not read to the end, and the ends themselves. */
  async function standing(): Promise<{ behind: string[]; ends: string }> {
    const committed = new Map(
      (await streams.admin.lag()).map((row) => [`${row.group} ${row.topic}/${row.partition}`, row.committed]),
    );
    const behind: string[] = [];
    const ends: string[] = [];
    for (const [group, inputs] of Object.entries(consumerGroups)) {
      for (const topic of inputs) {
        for (const [partition, { low, high }] of await streams.admin.endOffsets(topic)) {
          const at = committed.get(`${env['KAFKA_TOPIC_PREFIX'] ?? ''}${group} ${topic}/${partition}`) ?? low;
          if (at < high) behind.push(`${group} ${topic}/${partition} at ${at} of ${high}`);
          ends.push(`${topic}/${partition}:${high}`);
        }
      }
    }
    return { behind, ends: ends.join(' ') };
  }

  async function drained(deadlineMs = 60_000): Promise<void> {
    let before = '';
    await eventually(
      async () => {
        const { behind, ends } = await standing();
        if (behind.length > 0) throw new Error(`not drained: ${behind.slice(0, 5).join(', ')}`);
        const isSettled = ends === before;
        before = ends;
        if (!isSettled) throw new Error('still moving');
      },
      // Longer than the time between two interim rows of a window: with no end moved in between, none is due.
      { deadlineMs, intervalMs: 1_500 },
    );
  }

  return {
    env,
    streams,
    get gateway() {
      return url('serving');
    },
    url,
    start,
    stop,
    async startAll() {
      await Promise.all(SERVICES.filter((service) => service !== 'serving').map(start));
      await start('serving');
    },
    stopAll,
    shopstream: (...args) =>
      runOk(['apps/cli/dist/main.js', ...args], {
        ...env,
        GATEWAY_URL: url('serving'),
        CATALOG_URL: url('catalog'),
      }),
    async read(topic) {
      const records: LogRecord<typeof topic>[] = [];
      await streams.readLog(
        { topic, from: 'beginning', until: 'now' },
        (record) => void records.push(record),
      );
      return records;
    },
    drained,
    async remove() {
      await stopAll();
      await streams.admin.stop();
      await Promise.all([database.drop(), keyspace.drop(), redis.drop()]);
    },
  };
}

/** The rows of a topic; an unreadable one is an error. */
export async function rowsOf<T extends TopicName>(platform: Platform, topic: T) {
  const records = await platform.read(topic);
  return records.flatMap(({ value, ...coordinates }) => {
    if (value instanceof Error) throw value;
    return value === null ? [] : [{ ...coordinates, value }];
  });
}
