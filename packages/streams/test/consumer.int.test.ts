import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clickstreamEvent, eventually } from '@shopstream/testkit';
import type { BatchHandler, Runnable, StreamRecord, Streams } from '../src/index.ts';
import { freshStreams, type RawProducer, rawProducer, readAll } from './setup.ts';

const topic = 'ecom.clickstream.v1' as const;
type Record = StreamRecord<typeof topic>;

/** A store that may be away, or hold a write up. */
class Store {
  readonly writes: Record[] = [];
  isAway = false;
  gate: Promise<void> = Promise.resolve();
  calls = 0;

  readonly handle: BatchHandler<typeof topic> = async (records) => {
    this.calls += 1;
    await this.gate;
    if (this.isAway) throw new Error('the store is away');
    this.writes.push(...records);
    return records.map(({ value }) =>
      value.event_type === 'refused'
        ? { kind: 'deadLetter', reason: 'not_wanted', message: 'not wanted here', field: 'event_type' }
        : { kind: 'done' },
    );
  };
}

const ids = (store: Store): string[] => store.writes.map(({ value }) => value.event_id ?? '').sort();
const expected = (count: number): string[] => Array.from({ length: count }, (_, i) => `e${i}`).sort();

describe('a consumer', () => {
  let streams: Streams;
  let again: () => Streams;
  let raw: RawProducer;
  const running = new Set<Runnable>();

  beforeEach(async () => {
    let prefix: string;
    ({ streams, again, prefix } = await freshStreams({ partitions: 3 }));
    raw = await rawProducer(prefix + topic);
  });

  afterEach(async () => {
    await Promise.all([...running].map((resource) => resource.stop()));
    running.clear();
    await raw.stop();
    await streams.admin.stop();
  });

  async function consume(store: Store, of = streams): Promise<{ stop: () => Promise<void> }> {
    const consumer = of.createConsumer({ name: 'store-writer', handlers: { [topic]: store.handle } });
    await consumer.start();
    running.add(consumer);
    const stop = async (): Promise<void> => {
      running.delete(consumer);
      await consumer.stop();
    };
    return { stop };
  }

  async function send(from: number, count: number, eventType = 'page_view'): Promise<void> {
    const producer = streams.createProducer({ topics: [topic] });
    await producer.start();
    await producer.send(
      Array.from({ length: count }, (_, k) => ({
        topic,
        value: clickstreamEvent({
          event_id: `e${from + k}`,
          session_id: `s${(from + k) % 9}`,
          event_type: eventType,
        }),
      })),
    );
    await producer.stop();
  }

  it('hands a partition over in the order of its log, and what has been done to nobody else', async () => {
    await send(0, 300);
    const store = new Store();
    const first = await consume(store);
    await eventually(() => expect(ids(store)).toEqual(expected(300)));
    await first.stop();
    await send(300, 50);
    await consume(store, again());
    await eventually(() => expect(ids(store)).toEqual(expected(350)));
    for (const partition of [0, 1, 2]) {
      const offsets = store.writes.filter((r) => r.partition === partition).map(({ offset }) => offset);
      expect(offsets).toEqual([...offsets].sort((a, b) => (a < b ? -1 : 1)));
    }
  });

  it('hands a batch over again, whole and in order, until a store that was away has it', async () => {
    const store = new Store();
    store.isAway = true;
    await consume(store);
    await send(0, 100);
    await eventually(() => expect(store.calls).toBeGreaterThan(3));
    const lag = (await streams.admin.lag()).filter(({ group }) => group.endsWith('store-writer'));
    expect(lag.every(({ committed }) => committed === null || committed === 0n)).toBe(true);
    store.isAway = false;
    await eventually(() => expect(ids(store)).toEqual(expected(100)));
  });

  it('keeps what cannot be decoded, or what its handler refuses, as dead letters and goes on', async () => {
    const poison = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3]);
    await raw.send([{ key: 'k', value: poison, partition: 1 }]);
    await send(0, 20);
    await send(20, 1, 'refused');
    const store = new Store();
    await consume(store);
    await eventually(async () => {
      const letters = (await readAll(streams, 'ecom.dead-letter.v1')).map(({ value }) => value);
      expect(letters).toHaveLength(2);
      expect(letters).toContainEqual(
        expect.objectContaining({
          stage: 'store-writer',
          reason: 'undecodable',
          source_topic: topic,
          source_partition: 1,
          source_offset: 0,
          key: Buffer.from('k'),
          value: poison,
        }),
      );
      expect(letters).toContainEqual(expect.objectContaining({ reason: 'not_wanted', field: 'event_type' }));
    });
    await eventually(() => expect(ids(store)).toEqual(expected(21)));
  });

  it('that is stopped in the middle of a batch finishes it, and a later one does not do it again', async () => {
    await send(0, 60);
    const store = new Store();
    let open = (): void => undefined;
    store.gate = new Promise((resolve) => (open = resolve));
    const first = await consume(store);
    await eventually(() => expect(store.calls).toBeGreaterThan(0));
    const stopped = first.stop();
    open();
    await stopped;
    await consume(store, again());
    await eventually(() => expect(ids(store)).toEqual(expected(60)));
    await eventually(async () => {
      const lag = await streams.admin.lag();
      expect(lag.length).toBeGreaterThan(0);
      expect(lag.every((row) => row.lag === 0n)).toBe(true);
    });
    expect(ids(store)).toEqual(expected(60));
  });
});
