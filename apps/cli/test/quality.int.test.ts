import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TopicName, topicNames } from '@shopstream/contracts';
import { Registry, createLogger } from '@shopstream/platform';
import { type EventProducer, type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import { cleanEvent, testSettings, uniqueName } from '@shopstream/testkit';
import { z } from 'zod';
import { runCli, toLines } from './run-cli.ts';

const topic: TopicName = 'ecom.events-clean.v1';
const env = { KAFKA_TOPIC_PREFIX: `${uniqueName('quality-run')}.` };
let streams: Streams;
let producer: EventProducer;

beforeAll(async () => {
  streams = createStreams(z.object(kafkaConfigShape).parse({ ...testSettings(), ...env }), {
    name: 'quality-run-test',
    logger: createLogger({ name: 'quality-run-test', level: 'silent' }),
    metrics: new Registry(),
  });
  await streams.registerSchemas();
  await streams.admin.createTopics(
    topicNames.filter((name) => name !== 'ecom.products.v1'),
    { partitions: 2 },
  );
  producer = streams.createProducer({ topics: [topic] });
  await producer.start();
});

afterAll(async () => {
  await producer.stop();
  await streams.admin.stop();
});

const run = (...args: string[]) => runCli(['quality', 'run', ...args], env);

describe('shopstream quality run', () => {
  it('says that an empty platform gives nothing to judge by, and succeeds', async () => {
    const { code, out } = await run('--topics', 'events-clean,ecom.clickstream.v1', '--json');
    expect(code).toBe(0);
    const levels = new Map(toLines(out).map(({ test, level }) => [test, level]));
    expect(levels.get('events_schema/not_null/event_id')).toBe('unknown');
    expect(levels.get('clickstream/freshness')).toBe('unknown');
    expect(levels.get('events_freshness/max_lag/cleaning')).toBe('pass');
    expect(levels.get('events_freshness/throughput')).toBe('unknown');
  });

  it('succeeds over good rows, and fails for a bad one among them', async () => {
    await producer.send([{ topic, value: cleanEvent() }]);
    const good = await run('--topics', 'events-clean');
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining('0 error, 0 warn') });
    await producer.send([{ topic, value: cleanEvent({ device_type: 'toaster' }) }]);
    const bad = await run('--topics', 'events-clean', '--window', '60', '--rows', '5000', '--json');
    expect(bad.code).toBe(1);
    expect(toLines(bad.out).filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({
        test: 'events_schema/accepted_values/device_type',
        topic,
        value: 1,
        rows_checked: 2,
      }),
    ]);
  });

  it.each([
    [['--topics', 'no-such-topic'], 'there is no topic no-such-topic'],
    [['--topics', 'late'], 'no test is declared of ecom.late.v1'],
    [['--topics', 'products'], 'ecom.products.v1 does not exist'],
    [['--window', '0'], 'It must be a whole number'],
    [['--window', 'soon'], 'It must be a whole number'],
  ])('takes %j for wrong usage', async (args, message) => {
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});
