import { topics } from '@shopstream/contracts';
import type { Product } from '@shopstream/contracts';
import { createLogger, Registry } from '@shopstream/platform';
import { connectPostgres } from '@shopstream/stores';
import type { Pool } from '@shopstream/stores';
import { createStreams, kafkaConfigShape } from '@shopstream/streams';
import type { Streams } from '@shopstream/streams';
import {
  eventually,
  freshDatabase,
  startServiceProcess,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import type { ServiceProcess } from '@shopstream/testkit';
import { z } from 'zod';
import { migrate } from '../src/migrations/migrate.ts';

export const logger = createLogger({ name: 'catalog-test', level: 'silent' });

export interface FreshCatalog {
  /** Settings of the service. */
  env: Record<string, string>;
  streams: Streams;
  pool: Pool;
  createTopic(): Promise<unknown>;
  start(env?: Record<string, string>): Promise<ServiceProcess>;
  /** Rows of the products topic up to now, those of one product in the order written. */
  products(): Promise<Product[]>;
  close(): Promise<void>;
}

/** A database and a topic of one's own, and the service to run over them. */
export async function freshCatalog(options: { withTopic?: boolean } = {}): Promise<FreshCatalog> {
  const database = await freshDatabase();
  const { POSTGRES_URL } = database;
  const env = {
    ...testSettings(),
    POSTGRES_URL,
    KAFKA_TOPIC_PREFIX: `${uniqueName('catalog')}.`,
    LOG_LEVEL: 'warn',
  };
  await migrate(env, logger);
  const postgres = connectPostgres(env, { logger, poolSize: 2 });
  const streams = createStreams(z.object(kafkaConfigShape).parse(env), {
    name: 'catalog-test',
    logger,
    metrics: new Registry(),
  });
  await streams.registerSchemas();
  // A busy broker may not know yet the topic it has just made; asking again creates nothing.
  const createTopic = () =>
    eventually(() => streams.admin.createTopics(['ecom.products.v1'], { partitions: 2 }));
  if (options.withTopic ?? true) await createTopic();
  const running: ServiceProcess[] = [];

  return {
    env,
    streams,
    pool: postgres.pool,
    createTopic,
    async start(more = {}) {
      const service = await startServiceProcess({ app: 'catalog', env: { ...env, ...more } });
      running.push(service);
      return service;
    },
    async products() {
      const rows: Product[] = [];
      await streams.readLog({ topic: 'ecom.products.v1', from: 'beginning', until: 'now' }, (record) => {
        const { value, key } = record;
        if (value === null || value instanceof Error) throw value ?? new Error('tombstone');
        if (key?.toString() !== topics['ecom.products.v1'].key?.(value).key) throw new Error('wrong key');
        rows.push(value);
      });
      return rows;
    },
    async close() {
      await Promise.all(running.map((service) => service.stop()));
      await streams.admin.stop();
      await postgres.stop();
      await database.drop();
    },
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what a client sees, whatever it is
}

/** A request as a client sends it: text and bytes as they are, everything else as JSON. */
export async function call(
  url: string,
  method = 'GET',
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
