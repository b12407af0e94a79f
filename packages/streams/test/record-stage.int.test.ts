import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cleanEvent, clickstreamEvent, eventually } from '@shopstream/testkit';
import type { RecordStage, Runnable, Streams } from '../src/index.ts';
import { freshStreams, rawProducer, readAll } from './setup.ts';

const copying: RecordStage<'ecom.clickstream.v1'> = {
  name: 'copying',
  input: 'ecom.clickstream.v1',
  changelog: 'ecom.cleaning-changelog.v1',
  lookup: (records) => Promise.resolve(records.map(() => undefined)),
  process: ({ value }) => [
    {
      topic: 'ecom.events-clean.v1',
      value: cleanEvent({ event_id: value.event_id ?? '', session_id: value.session_id ?? '' }),
    },
  ],
};

describe('a record stage', () => {
  let streams: Streams;
  let again: () => Streams;
  let prefix: string;
  const running: Runnable[] = [];

  beforeEach(async () => {
    ({ streams, again, prefix } = await freshStreams({ partitions: 3 }));
  });

  afterEach(async () => {
    for (const resource of running.splice(0).reverse()) await resource.stop();
    await streams.admin.stop();
  });

  async function started<R extends Runnable>(resource: R): Promise<R> {
    await resource.start();
    running.push(resource);
    return resource;
  }

  const send = async (from: number, count: number): Promise<void> => {
    const producer = await started(streams.createProducer({ topics: ['ecom.clickstream.v1'] }));
    await producer.send(
      Array.from({ length: count }, (_, i) => ({
        topic: 'ecom.clickstream.v1' as const,
        value: clickstreamEvent({ event_id: `e${from + i}`, session_id: `s${(from + i) % 7}` }),
      })),
    );
  };
  const ids = async (): Promise<string[]> => {
    const rows = await readAll(streams, 'ecom.events-clean.v1');
    return rows
      .map(({ value }) => (value === null || value instanceof Error ? 'unreadable' : value.event_id))
      .sort();
  };
  const expected = (count: number): string[] => Array.from({ length: count }, (_, i) => `e${i}`).sort();

  it('writes every record once, also across a restart in another process', async () => {
    await send(0, 200);
    const stage = streams.createRecordStage(copying, { outputs: ['ecom.events-clean.v1'] });
    await stage.start();
    await eventually(async () => expect(await ids()).toEqual(expected(200)));
    await stage.stop();
    await send(200, 100);
    await started(again().createRecordStage(copying, { outputs: ['ecom.events-clean.v1'] }));
    await eventually(async () => expect(await ids()).toEqual(expected(300)));
  });

  it('has no lag at rest, markers of transactions included', async () => {
    await send(0, 50);
    await started(streams.createRecordStage(copying, { outputs: ['ecom.events-clean.v1'] }));
    await eventually(async () => {
      const lag = await streams.admin.lag();
      expect(lag.length).toBeGreaterThan(0);
      expect(lag.every((row) => row.lag === 0n)).toBe(true);
    });
  });

  it('puts bytes that are no row aside, with their coordinates, and goes on', async () => {
    const raw = await rawProducer(`${prefix}ecom.clickstream.v1`);
    for (const value of [Buffer.from('not Avro'), null]) await raw.send([{ key: 'k', value, partition: 2 }]);
    await raw.stop();
    await send(0, 30);
    await started(streams.createRecordStage(copying, { outputs: ['ecom.events-clean.v1'] }));
    await eventually(async () => expect(await ids()).toEqual(expected(30)));
    const letters = (await readAll(streams, 'ecom.dead-letter.v1')).map(({ value }) => value);
    const at = {
      stage: 'copying',
      reason: 'undecodable',
      source_topic: 'ecom.clickstream.v1',
      source_partition: 2,
    };
    expect(letters).toHaveLength(2);
    expect(letters).toContainEqual(
      expect.objectContaining({ ...at, source_offset: 0, value: Buffer.from('not Avro') }),
    );
    expect(letters).toContainEqual(expect.objectContaining({ ...at, source_offset: 1, value: null }));
  });

  it('is shared out among instances that join while it runs, and nothing is written twice', async () => {
    await send(0, 100);
    const outputs = { outputs: ['ecom.events-clean.v1' as const] };
    const stages = [streams, again(), again()].map((of) => of.createRecordStage(copying, outputs));
    for (const [i, stage] of stages.entries()) {
      await started(stage);
      await send(100 + i * 100, 100);
    }
    await eventually(async () => expect(await ids()).toEqual(expected(400)));
  });
});
