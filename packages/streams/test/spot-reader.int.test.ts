import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TopicName } from '@shopstream/contracts';
import { cleanEvent, productVersion } from '@shopstream/testkit';
import type { Spot, SpotReader, Streams } from '../src/index.ts';
import { freshStreams, rawProducer } from './setup.ts';

const products = 'ecom.products.v1' as const;
const events = 'ecom.events-clean.v1' as const;
const timeoutMs = 20_000;

let streams: Streams;
let prefix: string;
let reader: SpotReader;

beforeAll(async () => {
  ({ streams, prefix } = await freshStreams({ partitions: 1, topics: [products, events] }));
  reader = streams.createSpotReader({ topics: [products, events] });
  await reader.start();
});

afterAll(async () => {
  await reader.stop();
  await streams.admin.stop();
});

const spot = (
  topic: TopicName,
  from: bigint,
  { until, maxRows = 1_000 }: { until: bigint; maxRows?: number },
) => ({ topic, partition: 0, from, until, maxRows }) satisfies Spot;

async function publish(count: number): Promise<void> {
  const producer = streams.createProducer({ topics: [products] });
  await producer.start();
  await producer.send(
    Array.from({ length: count }, (_, k) => ({
      topic: products,
      value: productVersion({ product_id: `p${k}` }),
    })),
  );
  await producer.stop();
}

async function publishTogether(count: number): Promise<void> {
  const producer = streams.createJointProducer({ topics: [events], id: 'spots' });
  await producer.start();
  await producer.send(Array.from({ length: count }, () => ({ topic: events, value: cleanEvent() })));
  await producer.stop();
}

const idsOf = (records: readonly { value: unknown }[]) =>
  records.map(({ value }) => (value as { product_id: string }).product_id);

describe('a spot reader', () => {
  it('reads just the piece that was asked for, and another one after it', async () => {
    await publish(50);
    const [middle] = await reader.read([spot(products, 20n, { until: 24n })], { timeoutMs });
    expect(idsOf(middle?.records ?? [])).toEqual(['p20', 'p21', 'p22', 'p23']);
    expect(middle?.next).toBe(24n);
    const [first] = await reader.read([spot(products, 0n, { until: 50n, maxRows: 2 })], { timeoutMs });
    expect(idsOf(first?.records ?? [])).toEqual(['p0', 'p1']);
    expect(first?.next).toBe(2n);
  });

  it('goes past markers of transactions, which are no rows', async () => {
    await publishTogether(3);
    const { high = 0n } = (await streams.admin.endOffsets(events)).get(0) ?? {};
    expect(high).toBe(4n);
    const [all] = await reader.read([spot(events, 0n, { until: high })], { timeoutMs });
    expect(all).toMatchObject({ next: 4n });
    expect(all?.records).toHaveLength(3);
    const [marker] = await reader.read([spot(events, 3n, { until: high, maxRows: 1 })], { timeoutMs });
    expect(marker).toMatchObject({ next: 4n, records: [] });
  });

  it('answers in time where nothing comes', async () => {
    const [none] = await reader.read([spot(products, 50n, { until: 60n })], { timeoutMs: 500 });
    expect(none).toMatchObject({ next: 50n, records: [] });
  });

  it('gives bytes that are no row as an error', async () => {
    const raw = await rawProducer(`${prefix}${products}`);
    await raw.send([
      { key: 'a', value: 'poison' },
      { key: 'b', value: Buffer.from([0, 0, 99, 99, 99, 1]) },
    ]);
    await raw.stop();
    const [piece] = await reader.read([spot(products, 50n, { until: 52n })], { timeoutMs });
    expect(piece?.records.map(({ value }) => value instanceof Error)).toEqual([true, true]);
  });

  it('knows where times and groups are', async () => {
    expect(await streams.admin.offsetsAt(products, 0)).toEqual(new Map([[0, 0n]]));
    expect(await streams.admin.offsetsAt(products, Date.now() + 60_000)).toEqual(new Map([[0, 52n]]));
    expect(await streams.admin.committed('nobody', products)).toEqual(new Map());
  });
});
