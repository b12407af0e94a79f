import { afterAll, expect, it } from '@jest/globals';
import { productVersion, testSettings } from '@shopstream/testkit';
import { Kafka, type Transaction, logLevel } from 'kafkajs';
import { freshStreams, readAll } from './setup.ts';

const topic = 'ecom.products.v1' as const;
const { streams, prefix } = await freshStreams({ partitions: 1, topics: [topic] });
const kafka = new Kafka({ brokers: testSettings().KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
const undo: (() => Promise<void>)[] = [() => streams.admin.stop()];

afterAll(() => Promise.all(undo.map((step) => step())));

async function begin(name: string): Promise<Transaction> {
  const producer = kafka.producer({
    transactionalId: prefix + name,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  undo.push(() => producer.disconnect());
  return producer.transaction();
}

it('rows of aborted transactions are never read, in whatever order these began and ended', async () => {
  const write = (transaction: Transaction) =>
    transaction.send({ topic: prefix + topic, messages: [{ key: 'aborted', value: 'must not be read' }] });
  const transactions = [await begin('first'), await begin('second'), await begin('third')];
  for (const transaction of transactions) await write(transaction);
  for (const transaction of transactions) await write(transaction);
  for (const transaction of transactions.reverse()) await transaction.abort();
  const producer = streams.createProducer({ topics: [topic] });
  await producer.start();
  undo.push(() => producer.stop());
  await producer.send([{ topic, value: productVersion({ product_id: 'committed' }) }]);
  expect((await readAll(streams, topic)).map(({ key }) => key?.toString())).toEqual(['default:committed']);
}, 180_000);
