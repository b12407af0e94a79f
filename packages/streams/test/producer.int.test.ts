import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clickstreamEvent, eventually, testSettings } from '@shopstream/testkit';
import { Kafka, logLevel } from 'kafkajs';
import { createCodec } from '../src/codec.ts';
import type { Streams } from '../src/index.ts';
import { createNames, createPlainProducer } from '../src/kafka.ts';
import { partitioner } from '../src/messages.ts';
import { createEventProducer } from '../src/producer.ts';
import { freshStreams, readAll } from './setup.ts';

const topic = 'ecom.clickstream.v1' as const;

let streams: Streams;
let prefix: string;

beforeAll(async () => {
  ({ streams, prefix } = await freshStreams({ partitions: 1, topics: [topic] }));
});

afterAll(() => streams.admin.stop());

/** A network that loses the broker's answers while it is `deaf`. */
function lossyNetwork() {
  const network = { isDeaf: false };
  const open = ({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }): Socket => {
    const socket = connect({ host, port }, onConnect);
    const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
    socket.emit = (event: string, ...args: unknown[]) =>
      network.isDeaf && event === 'data' ? true : emit(event, ...args);
    return socket;
  };
  return { network, open };
}

const rows = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    topic,
    value: clickstreamEvent({ event_id: `${name}-${index}` }),
  }));

const ids = async (): Promise<(string | null)[]> =>
  (await readAll(streams, topic)).map(({ value }) =>
    value === null || value instanceof Error ? null : value.event_id,
  );

function clientOver(open: ReturnType<typeof lossyNetwork>['open']) {
  const kafka = new Kafka({
    brokers: testSettings().KAFKA_BROKERS.split(','),
    socketFactory: open,
    requestTimeout: 1_500,
    retry: { retries: 1, initialRetryTime: 20 },
    logLevel: logLevel.NOTHING,
  });
  return { createClient: () => createPlainProducer(kafka, partitioner) };
}

describe('a producer whose acknowledgement was lost', () => {
  it('keeps every row that it acknowledges afterwards', async () => {
    const { network, open } = lossyNetwork();
    const producer = createEventProducer({
      ...clientOver(open),
      codec: createCodec(testSettings().SCHEMA_REGISTRY_URL),
      names: createNames(prefix),
      topics: [topic],
    });
    await producer.start();
    await producer.send(rows('before', 3));
    network.isDeaf = true;
    await expect(producer.send(rows('unknown', 3))).rejects.toMatchObject({
      code: 'KAFKA_UNAVAILABLE',
      retriable: true,
    });
    expect(producer.ready()).not.toBe('ok');
    network.isDeaf = false;
    await eventually(() => producer.send(rows('after', 3)));
    expect(producer.ready()).toBe('ok');
    expect(await ids()).toEqual(expect.arrayContaining(rows('after', 3).map(({ value }) => value.event_id)));
    await producer.stop();
  });

  it('would lose rows with the client that had failed: the broker takes them for the former ones', async () => {
    const { network, open } = lossyNetwork();
    const client = clientOver(open).createClient();
    await client.connect();
    const send = (name: string) =>
      client.send({ topic: prefix + topic, acks: -1, messages: [{ key: 'k', value: name }] });
    await send('raw-before');
    network.isDeaf = true;
    await expect(send('raw-unknown')).rejects.toThrow();
    network.isDeaf = false;
    await expect(eventually(() => send('raw-after'))).resolves.toBeDefined();
    const values = await rawValues();
    expect(values).toContain('raw-unknown');
    expect(values).not.toContain('raw-after');
    await client.disconnect();
  });
});

async function rawValues(): Promise<string[]> {
  const kafka = new Kafka({ brokers: testSettings().KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `${prefix}raw` });
  const values: string[] = [];
  const end = (await streams.admin.endOffsets(topic)).get(0)?.high ?? 0n;
  await consumer.connect();
  await consumer.subscribe({ topics: [prefix + topic], fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        values.push(message.value?.toString() ?? '');
        if (BigInt(message.offset) + 1n >= end) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}
