import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, productVersion } from '@shopstream/testkit';
import type { Runnable, Streams } from '../src/index.ts';
import { freshStreams, rawProducer } from './setup.ts';

const topic = 'ecom.products.v1' as const;

let streams: Streams;
let prefix: string;
const running: Runnable[] = [];

beforeEach(async () => {
  ({ streams, prefix } = await freshStreams({ partitions: 3, topics: [topic] }));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((resource) => resource.stop()));
  await streams.admin.stop();
});

async function publish(from: number, count: number): Promise<void> {
  const producer = streams.createProducer({ topics: [topic] });
  await producer.start();
  await producer.send(
    Array.from({ length: count }, (_, k) => ({
      topic,
      value: productVersion({ product_id: `p${from + k}` }),
    })),
  );
  await producer.stop();
}

describe('a table', () => {
  it('has everything there was when its start resolves, and follows from then on', async () => {
    await publish(0, 50);
    const seen: string[] = [];
    const table = streams.createTable({
      topic,
      apply: ({ value }) => void seen.push(value?.product_id ?? ''),
    });
    expect(table.ready()).not.toBe('ok');
    await table.start();
    running.push(table);
    expect(seen).toHaveLength(50);
    expect(table.ready()).toBe('ok');
    await publish(50, 10);
    await eventually(() => expect(seen).toHaveLength(60));
    expect(new Set(seen).size).toBe(60);
  });

  it('has all that was appended before a record that was read, each time it is asked', async () => {
    const seen = new Set<string>();
    const apply = ({ value }: { value: { product_id: string } | null }): void =>
      void seen.add(value?.product_id ?? '');
    const table = streams.createTable({ topic, apply });
    await table.start();
    running.push(table);
    const producer = streams.createProducer({ topics: [topic] });
    await producer.start();
    running.push(producer);
    for (let number = 0; number < 20; number += 1) {
      await producer.send([{ topic, value: productVersion({ product_id: `q${number}` }) }]);
      await table.readUpTo(Date.now());
      expect(seen).toContain(`q${number}`);
    }
  });

  it('is told of keys that were deleted, and goes on after bytes that are no row', async () => {
    const raw = await rawProducer(prefix + topic);
    await raw.send([
      { key: 'default:gone', value: null, partition: 0 },
      { key: 'default:odd', value: Buffer.from('hello'), partition: 0 },
      { key: 'default:after', value: null, partition: 0 },
    ]);
    await raw.stop();
    const seen: unknown[] = [];
    const table = streams.createTable({ topic, apply: ({ key, value }) => void seen.push([key, value]) });
    await table.start();
    running.push(table);
    expect(seen).toEqual([
      ['default:gone', null],
      ['default:after', null],
    ]);
  });

  it('starts at once over an empty topic', async () => {
    const table = streams.createTable({ topic, apply: () => undefined });
    await table.start();
    running.push(table);
    expect(table.ready()).toBe('ok');
  });
});

describe('reading a log', () => {
  const keys: string[] = [];
  const keep = ({ key }: { key: Buffer | null }): void => void keys.push(key?.toString() ?? '');

  beforeEach(() => void keys.splice(0));

  it('until now ends by itself with every record once; an empty topic has none', async () => {
    await streams.readLog({ topic, from: 'beginning', until: 'now' }, keep);
    expect(keys).toEqual([]);
    await publish(0, 30);
    await streams.readLog({ topic, from: 'beginning', until: 'now' }, keep);
    expect(keys.sort()).toEqual(Array.from({ length: 30 }, (_, i) => `default:p${i}`).sort());
  });

  it('of one partition leaves the others out', async () => {
    await publish(0, 30);
    const partitions = new Set<number>();
    await streams.readLog({ topic, from: 'beginning', until: 'now', partition: 1 }, ({ partition }) => {
      partitions.add(partition);
    });
    expect([...partitions]).toEqual([1]);
  });

  it('from the end has only what comes after, until it is aborted', async () => {
    await publish(0, 10);
    const abort = new AbortController();
    const reading = streams.readLog({ topic, from: 'end', until: 'forever', signal: abort.signal }, keep);
    await eventually(async () => {
      await publish(100, 1);
      expect(keys.length).toBeGreaterThan(0);
    });
    abort.abort();
    await reading;
    expect(new Set(keys)).toEqual(new Set(['default:p100']));
  });

  it('from a time has what was appended at or after it', async () => {
    await publish(0, 10);
    let newest = 0;
    const times = ({ timestamp }: { timestamp: number }): void => void (newest = Math.max(newest, timestamp));
    await streams.readLog({ topic, from: 'beginning', until: 'now' }, times);
    await eventually(() => expect(Date.now()).toBeGreaterThan(newest + 1));
    await publish(10, 10);
    await streams.readLog({ topic, from: { timeMs: newest + 1 }, until: 'now' }, keep);
    expect(keys.sort()).toEqual(Array.from({ length: 10 }, (_, i) => `default:p${10 + i}`).sort());
    keys.splice(0);
    await streams.readLog({ topic, from: { timeMs: Date.now() + 60_000 }, until: 'now' }, keep);
    expect(keys).toEqual([]);
  });

  it('from offsets begins there, elsewhere at the beginning; a partition that is not there is an error', async () => {
    await publish(0, 30);
    const ends = await streams.admin.endOffsets(topic);
    const seen: [number, bigint][] = [];
    const offsets = new Map([
      [0, 2n],
      [1, 1_000_000n],
    ]);
    await streams.readLog({ topic, from: { offsets }, until: 'now' }, ({ partition, offset }) => {
      seen.push([partition, offset]);
    });
    const of = (partition: number): bigint[] => seen.filter(([p]) => p === partition).map(([, o]) => o);
    expect(of(0)).toEqual(Array.from({ length: Number(ends.get(0)?.high) - 2 }, (_, i) => BigInt(i + 2)));
    expect(of(1)).toEqual([]);
    expect(of(2)[0]).toBe(0n);
    const nowhere = { offsets: new Map([[7, 0n]]) };
    await expect(streams.readLog({ topic, from: nowhere, until: 'now' }, keep)).rejects.toThrow(
      'partition 7',
    );
  });

  it('reads topics under another prefix as well', async () => {
    await publish(0, 5);
    const other = await freshStreams({ partitions: 1, topics: [topic] });
    await other.streams.readLog({ topic, from: 'beginning', until: 'now' }, keep);
    expect(keys).toEqual([]);
    await other.streams.readLog({ topic, from: 'beginning', until: 'now', topicPrefix: prefix }, keep);
    expect(keys).toHaveLength(5);
    await other.streams.admin.stop();
  });

  it('ends with what its reader throws, asked once', async () => {
    await publish(0, 5);
    let calls = 0;
    const reading = streams.readLog({ topic, from: 'beginning', until: 'now' }, () => {
      calls += 1;
      throw new Error('the pipe is closed');
    });
    await expect(reading).rejects.toThrow('the pipe is closed');
    expect(calls).toBe(1);
  });
});
