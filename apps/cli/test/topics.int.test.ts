import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createLogger, createMetrics, parseEnv } from '@shopstream/platform';
import { createStreams, kafkaConfigShape, type Streams } from '@shopstream/streams';
import { clickstreamEvent, eventually, testSettings, uniqueName } from '@shopstream/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runCli, startCli, toLines } from './run-cli.ts';

const prefix = `${uniqueName('cli_topics')}.`;
const env = { KAFKA_TOPIC_PREFIX: prefix };
const EVENTS = 40;
const timestamp = Date.UTC(2011, 11, 9, 12, 50);
const cat = (...args: string[]) => runCli(['topic', 'cat', ...args], env);

let streams: Streams;
let producer: ReturnType<Streams['createProducer']>;

const send = (count: number) =>
  producer.send(
    Array.from({ length: count }, (_, index) => ({
      topic: 'ecom.clickstream.v1' as const,
      value: clickstreamEvent({
        session_id: `session-${index}`,
        timestamp,
        unit_price: '2.50',
        order_total: null,
      }),
    })),
  );

beforeAll(async () => {
  const config = parseEnv(z.object(kafkaConfigShape), { ...testSettings(), ...env });
  const logger = createLogger({ name: 'test', level: 'silent' });
  streams = createStreams(config, { name: 'test', logger, metrics: createMetrics('test') });
  await streams.registerSchemas();
  await streams.admin.createTopics(['ecom.clickstream.v1'], { partitions: 4 });
  await streams.admin.createTopics(['ecom.identity.v1']);
  producer = streams.createProducer({ topics: ['ecom.clickstream.v1'] });
  await producer.start();
  await send(EVENTS);
});

afterAll(async () => {
  await producer.stop();
  await streams.admin.stop();
});

describe('topics', () => {
  it('shows rows and what is wrong with each topic, and fails because of it', async () => {
    const { code, out } = await runCli(['topics', '--json'], env);
    const states = Object.fromEntries(toLines(out).map(({ topic, ...state }) => [topic, state]));
    expect(code).toBe(1);
    expect(states['ecom.clickstream.v1']).toMatchObject({
      partitions: 4,
      rows: EVENTS,
      key: 'namespace, session_id',
      owner: 'ingestion',
      state: 'has 4 partitions, declared are 24',
    });
    expect(states['ecom.identity.v1']).toMatchObject({ partitions: 6, state: 'ok' });
    expect(states['ecom.products.v1']).toMatchObject({ state: 'missing' });
    const { out: table } = await runCli(['topics'], env);
    expect(table).toMatch(
      /^ecom\.clickstream\.v1 +4 +40 +namespace, session_id +7 days +ingestion +has 4 partitions/m,
    );
  });
});

describe('topic cat', () => {
  it('prints every row there is, decoded, with its coordinates and names as in the schema', async () => {
    const { code, out } = await cat('clickstream', '--from-beginning', '--until-now');
    const rows = toLines(out);
    expect(code).toBe(0);
    expect(rows).toHaveLength(EVENTS);
    expect(new Set(rows.map(({ partition, offset }) => `${String(partition)}:${String(offset)}`)).size).toBe(
      EVENTS,
    );
    for (const { key, value } of rows as { key: string; value: { session_id: string } }[]) {
      expect(key).toBe(`default:${value.session_id}`);
    }
    expect(rows[0]).toMatchObject({
      timestamp: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      value: { timestamp: '2011-12-09T12:50:00.000Z', unit_price: 2.5, order_total: null, line_items: [] },
    });
  });

  it('takes one partition, and stops after so many rows', async () => {
    const { out } = await cat('ecom.clickstream.v1', '--from-beginning', '--until-now', '--partition', '2');
    const rows = toLines(out);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ partition }) => partition === 2)).toBe(true);
    expect(rows.map(({ offset }) => offset)).toEqual(rows.map((_, index) => index));
    expect(toLines((await cat('clickstream', '--from-beginning', '--limit', '3')).out)).toHaveLength(3);
  });

  it('of an empty topic ends at once', async () => {
    expect(await cat('identity', '--from-beginning', '--until-now')).toMatchObject({ code: 0, out: '' });
  });

  it('follows new rows, and ends quietly when its reader has gone', async () => {
    const child = startCli(['topic', 'cat', 'clickstream'], env);
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    const closed = once(child, 'close') as Promise<[number | null]>;
    await eventually(
      async () => {
        await send(1);
        if (lines.length === 0) throw new Error('no row yet');
      },
      { intervalMs: 200 },
    );
    expect(toLines(lines[0] ?? '')).toMatchObject([{ value: { session_id: 'session-0' } }]);
    child.stdout.destroy();
    await eventually(
      async () => {
        await send(1);
        if (child.exitCode === null) throw new Error('still running');
      },
      { intervalMs: 200 },
    );
    expect([(await closed)[0], errors.join('')]).toEqual([0, '']);
  });

  it('says what is wrong with a name, a partition, or a topic that is not there', async () => {
    expect(await cat('clicks')).toMatchObject({ code: 2, err: expect.stringContaining('no topic clicks') });
    expect(await cat('clickstream', '--partition', '9')).toMatchObject({
      code: 2,
      err: expect.stringContaining('partitions 0 to 3'),
    });
    expect(await cat('products')).toMatchObject({ code: 2, err: expect.stringContaining('does not exist') });
  });
});

describe('lag', () => {
  it('of a cluster where no stage has run is nothing', async () => {
    expect(await runCli(['lag'], env)).toMatchObject({ code: 0, out: expect.stringContaining('No group') });
  });
});
