import { type TopicName, type TopicValue } from '@shopstream/contracts';
import { createLogger, Registry } from '@shopstream/platform';
import { createStreams, kafkaConfigShape, type Streams } from '@shopstream/streams';
import {
  freshRedisPrefix,
  type ServiceProcess,
  startServiceProcess,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import { z } from 'zod';

export const TOPICS = [
  'ecom.clickstream.v1',
  'ecom.events-clean.v1',
  'ecom.signals.v1',
  'ecom.dead-letter.v1',
  'ecom.cleaning-changelog.v1',
] as const satisfies readonly TopicName[];

export interface Ingestion {
  /** Settings of the service. */
  env: Record<string, string>;
  streams: Streams;
  /** Starts the service, or another instance of it. */
  start(env?: Record<string, string>, options?: { waitUntilReady: boolean }): Promise<ServiceProcess>;
  /** All rows of a topic up to its end now, in the order of each partition. */
  rows<T extends TopicName>(topic: T): Promise<TopicValue[T][]>;
  close(): Promise<void>;
}

/** Topics and Redis keys of one's own, and a service to run over them. */
export async function freshIngestion(
  options: { partitions?: number; settings?: Record<string, string> } = {},
): Promise<Ingestion> {
  const redis = freshRedisPrefix();
  const env = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: `${uniqueName('ingestion')}.`,
    REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX,
    LOG_LEVEL: 'warn',
    ...options.settings,
  };
  const streams = createStreams(z.object(kafkaConfigShape).parse(env), {
    name: 'ingestion-test',
    logger: createLogger({ name: 'ingestion-test', level: 'silent' }),
    metrics: new Registry(),
  });
  await streams.registerSchemas();
  await streams.admin.createTopics(TOPICS, { partitions: options.partitions ?? 2 });
  const running: ServiceProcess[] = [];
  return {
    env,
    streams,
    async start(more = {}, options = { waitUntilReady: true }) {
      const service = await startServiceProcess({ app: 'ingestion', env: { ...env, ...more }, ...options });
      running.push(service);
      return service;
    },
    async rows(topic) {
      const rows: TopicValue[typeof topic][] = [];
      await streams.readLog({ topic, from: 'beginning', until: 'now' }, ({ value }) => {
        if (value instanceof Error) throw value;
        if (value !== null) rows.push(value);
      });
      return rows;
    },
    async close() {
      await Promise.all(running.map((service) => service.stop()));
      await streams.admin.stop();
      await redis.drop();
    },
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what a client sees, whatever it is
}

/** A POST as a client sends it: bytes and text as they are, everything else as JSON. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
