import { type TopicName, type TopicValue } from '@shopstream/contracts';
import { expect } from '@jest/globals';
import { createLogger, createMetrics, parseEnv } from '@shopstream/platform';
import { createStreams, kafkaConfigShape } from '@shopstream/streams';
import {
  eventually,
  freshRedisPrefix,
  startServiceProcess,
  testSettings,
  uniqueName,
} from '@shopstream/testkit';
import { z } from 'zod';
import { runCli, toLines } from './run-cli.ts';

const TOPICS = [
  'ecom.clickstream.v1',
  'ecom.events-clean.v1',
  'ecom.events-enriched.v1',
  'ecom.signals.v1',
  'ecom.dead-letter.v1',
  'ecom.cleaning-changelog.v1',
] as const satisfies readonly TopicName[];

/** Ingestion over topics of its own, and the commands that work on its dead letters. */
export async function startIngestion() {
  const redis = freshRedisPrefix();
  const env = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: `${uniqueName('cli_events')}.`,
    REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX,
  };
  const streams = createStreams(parseEnv(z.object(kafkaConfigShape), env), {
    name: 'test',
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics: createMetrics('test'),
  });
  await streams.registerSchemas();
  await streams.admin.createTopics(TOPICS, { partitions: 2 });
  const { url, stop } = await startServiceProcess({ app: 'ingestion', env });
  const producer = streams.createProducer({ topics: TOPICS.slice(0, 5) });
  await producer.start();
  let barriers = 0;

  async function rows<T extends TopicName>(topic: T): Promise<TopicValue[T][]> {
    const found: TopicValue[T][] = [];
    await streams.readLog({ topic, from: 'beginning', until: 'now' }, ({ value }) => {
      if (value !== null && !(value instanceof Error)) found.push(value);
    });
    return found;
  }

  const post = (body: object) =>
    fetch(`${url}/v1/events:batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const dlq = (...args: string[]) => runCli(['dlq', ...args], env);
  const list = async (...args: string[]) => toLines((await dlq('list', '--json', ...args)).out);
  return {
    env,
    url,
    streams,
    producer,
    rows,
    post,
    dlq,
    redrive: (...args: string[]) => dlq('redrive', ...args, '--gateway', url, '--yes', '--json'),
    list,
    placeOf: async (event: string): Promise<string> =>
      String((await list()).find(({ event_id }) => event_id === event)?.['dead_letter']),

    /** Rows of an event in events-clean, once all that was accepted up to now has come through. */
    async cleanRowsOf(eventId: string) {
      const mine = (event: { event_id: string | null }): boolean => event.event_id === eventId;
      const accepted = (await rows('ecom.clickstream.v1')).filter(mine);
      const last = `barrier-${(barriers += 1)}-`;
      const events = accepted.map(({ session_id: sessionId, namespace }, index) => ({
        ...{ eventType: 'view', userId: 'u', sessionId, namespace },
        eventId: `${last}${index}`,
      }));
      if (events.length > 0) await post({ events });
      return eventually(async () => {
        const clean = await rows('ecom.events-clean.v1');
        expect(clean.filter(({ event_id }) => event_id.startsWith(last))).toHaveLength(events.length);
        return clean.filter(mine);
      });
    },

    async stop() {
      await producer.stop();
      await streams.admin.stop();
      await stop();
      await redis.drop();
    },
  };
}

export type Ingestion = Awaited<ReturnType<typeof startIngestion>>;
