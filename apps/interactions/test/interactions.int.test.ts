import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeadLetter, EnrichedEvent } from '@shopstream/contracts';
import { createLogger, createMetrics } from '@shopstream/platform';
import { connectCassandra } from '@shopstream/stores';
import { createStreams } from '@shopstream/streams';
import {
  cleanEvent,
  enrichedEvent,
  eventually,
  freshKeyspace,
  noonMs,
  startCuttableProxy,
  startServiceProcess,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import { migrate } from '../src/adapters/schema.ts';
import { loadConfig, loadMigrationConfig } from '../src/config.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const { drop, ...keyspace } = await freshKeyspace();
const env = { ...testSettings(), ...keyspace, KAFKA_TOPIC_PREFIX: `${uniqueName('interactions')}.` };
const config = loadConfig(env);
const cassandra = connectCassandra(config, { logger });
const streams = createStreams(config, { name: 'test', logger, metrics: createMetrics('test') });
const producer = streams.createProducer({ topics: ['ecom.events-enriched.v1', 'ecom.signals.v1'] });

beforeAll(async () => {
  await cassandra.start();
  await migrate(cassandra.client, { ...loadMigrationConfig(), ...keyspace });
  await streams.registerSchemas();
  await streams.admin.createTopics(['ecom.events-enriched.v1', 'ecom.signals.v1', 'ecom.dead-letter.v1'], {
    partitions: 2,
  });
  await producer.start();
});
afterAll(async () => {
  await producer.stop();
  await streams.admin.stop();
  await cassandra.stop();
  await drop();
});

const send = (events: EnrichedEvent[]) =>
  producer.send(events.map((value) => ({ topic: 'ecom.events-enriched.v1', value })));
const startService = (overrides: object = {}) =>
  startServiceProcess({ app: 'interactions', env: { ...env, ...overrides } });

async function historyOf(userId: string): Promise<{ event_id: string; action_type: string }[]> {
  const query =
    'SELECT event_id, action_type FROM interactions WHERE namespace = ? AND user_id = ? AND month = ?';
  const { rows } = await cassandra.client.execute(query, ['default', userId, 202601], { fetchSize: 50_000 });
  return rows as unknown as { event_id: string; action_type: string }[];
}

const events = (count: number, userId: string): EnrichedEvent[] =>
  Array.from({ length: count }, (_, index) =>
    enrichedEvent({ user_id: userId, session_id: `${userId}-${index % 7}`, timestamp: noonMs + index }),
  );

describe('interactions', () => {
  it('keeps events of both flows once, in event time, when they come twice and out of order', async () => {
    const clicked = enrichedEvent({ user_id: 'anna', event_type: 'click', timestamp: noonMs + 1_000 });
    const viewed = enrichedEvent({ user_id: 'anna', timestamp: noonMs });
    const liked = cleanEvent({ user_id: 'anna', event_type: 'like', timestamp: noonMs + 500 });
    await send([clicked, viewed, clicked]);
    await producer.send([{ topic: 'ecom.signals.v1', value: liked }]);
    const service = await startService();
    await eventually(async () => {
      const history = await historyOf('anna');
      expect(history.map((row) => row.action_type)).toEqual(['click', 'like', 'page_view']);
    });
    expect((await service.stop()).code).toBe(0);
  });

  it('puts a poison message aside with its reason and goes on', async () => {
    const poison = enrichedEvent({ user_id: 'otto', product_id: 'x'.repeat(70_000) });
    await send([poison, enrichedEvent({ user_id: 'otto' })]);
    const service = await startService();
    await eventually(async () => expect(await historyOf('otto')).toHaveLength(1));
    await service.stop();
    const letters: DeadLetter[] = [];
    await streams.readLog({ topic: 'ecom.dead-letter.v1', from: 'beginning', until: 'now' }, ({ value }) => {
      letters.push(value as DeadLetter);
    });
    expect(letters).toMatchObject([{ stage: 'interactions', reason: 'id_too_long', field: 'product_id' }]);
  });

  it('waits for Cassandra and loses nothing', async () => {
    const port = Number(env.CASSANDRA_CONTACT_POINTS.split(':')[1]);
    const proxy = await startCuttableProxy({ host: '127.0.0.1', port });
    const service = await startService({ CASSANDRA_CONTACT_POINTS: `127.0.0.1:${proxy.port}` });
    await proxy.cut();
    await send(events(50, 'berta'));
    await eventually(() => expect(service.output()).toContain('batch failed'));
    expect(await historyOf('berta')).toEqual([]);
    await proxy.restore();
    await eventually(async () => expect(await historyOf('berta')).toHaveLength(50));
    expect((await service.stop()).code).toBe(0);
    await proxy.stop();
  });

  it('goes on after SIGTERM in the middle of a batch', async () => {
    await send(events(8_000, 'carla'));
    const interrupted = await startService();
    await eventually(async () => expect(await historyOf('carla')).not.toEqual([]), { intervalMs: 5 });
    expect((await interrupted.stop()).code).toBe(0);
    expect((await historyOf('carla')).length).toBeLessThan(8_000);
    const service = await startService();
    await eventually(async () => expect(await historyOf('carla')).toHaveLength(8_000));
    await service.stop();
  });
});
