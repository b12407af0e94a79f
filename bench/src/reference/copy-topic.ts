// The least that a stage can do: kafkajs reads a topic and writes the same bytes to another, without transactions or state.
// As a process of its own: `node --import tsx copy-topic.ts BROKERS GROUP FROM TO`.
import { Kafka, logLevel } from 'kafkajs';

const [brokers = '', groupId = '', from = '', to = ''] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 250 });
const producer = kafka.producer({ allowAutoTopicCreation: false });

await Promise.all([consumer.connect(), producer.connect()]);
await consumer.subscribe({ topic: from, fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 3,
  eachBatch: async ({ batch: { partition, messages } }) => {
    const copies = messages.map(({ key, value }) => ({ key, value, partition }));
    await producer.send({ topic: to, messages: copies, acks: -1 });
  },
});
