// The narrowest case: a record has its claim and is about to be committed when Redis loses all claims, and its twin comes along. The
// logs say nothing of the first yet; only the fence of a rebuild keeps both from passing.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger, Registry } from '@shopstream/platform';
import { connectRedis, type RedisStore } from '@shopstream/stores';
import { createStreams, type EventProducer, kafkaConfigShape, type Runnable } from '@shopstream/streams';
import { clickstreamEvent, eventually } from '@shopstream/testkit';
import { z } from 'zod';
import { createPassedEvents } from '../src/adapters/passed-events.ts';
import { createRedisClaims } from '../src/adapters/redis-claims.ts';
import { createClaimKeeper } from '../src/claim-keeper.ts';
import type { ClaimStore, PassedEvents } from '../src/domain/claims.ts';
import { CLEANING, createCleaningStage } from '../src/handle-clickstream.ts';
import { createIngestionMetrics } from '../src/metrics.ts';
import { makeClaimsWhole } from '../src/rebuild-claims.ts';
import { freshIngestion, type Ingestion } from './setup.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

let ingestion: Ingestion;
let producer: EventProducer;
let redis: RedisStore;
const stages: Runnable[] = [];
let release: () => void;

beforeEach(async () => {
  ingestion = await freshIngestion({ partitions: 2 });
  const { REDIS_URL = '', REDIS_KEY_PREFIX = '' } = ingestion.env;
  redis = connectRedis({ REDIS_URL, REDIS_KEY_PREFIX }, { logger });
  await redis.start();
  producer = ingestion.streams.createProducer({ topics: ['ecom.clickstream.v1'] });
  await producer.start();
});

afterEach(async () => {
  release();
  await Promise.all(stages.splice(0).map((stage) => stage.stop()));
  await producer.stop();
  await redis.stop();
  await ingestion.close();
});

/** Sessions of which one is in each partition. */
async function sessionsApart(): Promise<[string, string]> {
  const names = Array.from({ length: 20 }, (_, index) => `session-${index}`);
  const places = await Promise.all(
    names.map((name) => ingestion.streams.partitionOf('ecom.clickstream.v1', `default:${name}`)),
  );
  return [names[places.indexOf(0)] ?? '', names[places.indexOf(1)] ?? ''];
}

const send = (eventId: string, sessionId: string): Promise<void> => {
  const value = clickstreamEvent({ event_id: eventId, session_id: sessionId });
  return producer.send([{ topic: 'ecom.clickstream.v1', value }]);
};
const passed = async (): Promise<string[]> =>
  (await ingestion.rows('ecom.events-clean.v1')).map(
    ({ event_id, session_id }) => `${event_id} ${session_id}`,
  );

/** Holds the first answer about the twin back until `release`. */
function holdBack(claims: ClaimStore) {
  const hold = { asked: 0 };
  const released = new Promise<void>((resolve) => (release = resolve));
  const store: ClaimStore = {
    async claim(requests) {
      const answer = await claims.claim(requests);
      if (!requests.some(({ eventId }) => eventId === 'twin')) return answer;
      hold.asked += 1;
      if (hold.asked === 1) await released;
      return answer;
    },
  };
  return { hold, store };
}

/** Two instances with a partition each, which share what holds their answers back. */
async function startTwo(change: Partial<PassedEvents>) {
  const metrics = createIngestionMetrics(new Registry());
  const claims = createRedisClaims(redis.client);
  const logs = { ...createPassedEvents(ingestion.streams, CLEANING), ...change };
  const keeper = createClaimKeeper({
    claims,
    makeWhole: (options) => makeClaimsWhole({ claims, passed: logs, logger, metrics }, options),
    logger,
    metrics,
  });
  const { hold, store } = holdBack(keeper);
  const registries = [new Registry(), new Registry()];
  for (const registry of registries) {
    const config = z.object(kafkaConfigShape).parse(ingestion.env);
    const streams = createStreams(config, { name: 'instance', logger, metrics: registry });
    const stage = streams.createRecordStage(createCleaningStage({ claims: store, metrics }), {
      outputs: ['ecom.events-clean.v1', 'ecom.signals.v1', 'ecom.dead-letter.v1'],
    });
    await stage.start();
    stages.push(stage);
  }
  return { hold, registries };
}

async function passBoth(change: Partial<PassedEvents>): Promise<string[]> {
  const { hold, registries } = await startTwo(change);
  const [here, there] = await sessionsApart();
  await eventually(async () => {
    await Promise.all([send(randomUUID(), here), send(randomUUID(), there)]);
    for (const registry of registries)
      expect(await registry.metrics()).toMatch(/stream_records_in_total\{.*\} [1-9]/);
  });

  await send('twin', here);
  await eventually(() => expect(hold.asked).toBe(1));
  await redis.client.unlink('dedupe:epoch', 'dedupe:default:twin');
  await send('twin', there);
  await eventually(async () => expect(await passed()).toContain(`twin ${there}`));
  release();
  await send('after', here);
  await eventually(async () => expect(await passed()).toContain(`after ${here}`));
  return (await passed()).filter((row) => row.startsWith('twin'));
}

it('an event passes once when its claim is lost between the answer and the commit', async () => {
  expect(await passBoth({})).toHaveLength(1);
});

it('it would pass twice without the fence', async () => {
  expect(await passBoth({ fence: () => Promise.resolve() })).toHaveLength(2);
});
