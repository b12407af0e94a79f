import type { Resource } from '@shopstream/platform';
import type { TopicName } from '@shopstream/contracts';
import type { Producer } from 'kafkajs';
import type { Codec } from './codec.ts';
import type { Names } from './kafka.ts';
import { toMessage, toSends } from './messages.ts';
import type { Output } from './types.ts';

/** Writes rows that belong together from outside any stage. `start` fences whoever used the same id before. */
export interface JointProducer extends Resource {
  /**
   * Readers see all rows of a call or none.
   * @throws Error when a row does not fit its schema; nothing was sent then
   * @throws any error of the client: the producer is not to be used again then
   */
  send(outputs: readonly Output[]): Promise<void>;
}

interface JointProducerDeps {
  client: Producer;
  codec: Codec;
  names: Names;
  topics: readonly TopicName[];
}

export function createJointProducer({ client, codec, names, topics }: JointProducerDeps): JointProducer {
  return {
    name: 'joint producer',
    async start() {
      await codec.prepare(topics);
      await client.connect();
    },
    stop: () => client.disconnect(),
    async send(outputs) {
      const messages = outputs.map((output) => toMessage(codec, names, output));
      const transaction = await client.transaction();
      try {
        for (const topicMessages of toSends(messages))
          await transaction.sendBatch({ acks: -1, topicMessages });
        await transaction.commit();
      } catch (error) {
        // What cannot be aborted any more is aborted by the broker, or by whoever uses the id next.
        if (transaction.isActive()) await transaction.abort().catch(() => undefined);
        throw error;
      }
    },
  };
}
