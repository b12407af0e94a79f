import { testSettings } from '@shopstream/testkit';
import { Kafka, logLevel } from 'kafkajs';

/**
 * Writes values to a topic as a stranger could, by no schema.
 * @param physicalTopic its name on the cluster, with prefix
 */
export async function sendBytes(physicalTopic: string, values: readonly (string | Buffer)[]): Promise<void> {
  const brokers = testSettings().KAFKA_BROKERS.split(',');
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  try {
    await producer.send({
      topic: physicalTopic,
      messages: values.map((value) => ({ key: 'stranger', value })),
    });
  } finally {
    await producer.disconnect();
  }
}
