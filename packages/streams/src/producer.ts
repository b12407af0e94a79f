import type { TopicName } from '@shopstream/contracts';
import { withDeadline } from '@shopstream/platform';
import type { Producer } from 'kafkajs';
import type { Codec } from './codec.ts';
import { StreamError } from './errors.ts';
import type { Names } from './kafka.ts';
import { toMessage, toSends, type TopicMessage } from './messages.ts';
import type { Output, Runnable } from './types.ts';

export interface EventProducer extends Runnable {
  /**
   * Resolves when all in-sync replicas have the rows. Rows of one call keep their order within a partition; with a transactional
   * id readers see all of them or none.
   * @throws Error when a row does not fit its schema; nothing was sent then
   * @throws StreamError `KAFKA_UNAVAILABLE` when Kafka has not acknowledged in time; the rows may still arrive
   */
  send(outputs: readonly Output[], options?: { timeoutMs?: number }): Promise<void>;
}

interface ProducerDeps {
  createClient: () => Producer;
  codec: Codec;
  names: Names;
  topics: readonly TopicName[];
  isTransactional: boolean;
}

const SEND_TIMEOUT_MS = 10_000;

/** A producer outside any stage, for rows whose sender retries: acks=all and idempotent. */
export function createEventProducer(deps: ProducerDeps): EventProducer {
  const { createClient, codec, names, topics } = deps;
  const sendAll = deps.isTransactional ? sendTogether : sendInTurn;
  let client: Producer | null = null;
  let lastFailure: string | null = null;

  async function send(outputs: readonly Output[], options: { timeoutMs?: number } = {}): Promise<void> {
    const producer = client;
    if (producer === null)
      throw new StreamError('KAFKA_UNAVAILABLE', 'the producer is not connected', { retriable: true });
    const messages = outputs.map((output) => toMessage(codec, names, output));
    try {
      await withDeadline(
        sendAll(producer, messages),
        options.timeoutMs ?? SEND_TIMEOUT_MS,
        "Kafka's acknowledgement",
      );
      lastFailure = null;
    } catch (cause) {
      lastFailure = 'Kafka did not acknowledge the last rows';
      throw new StreamError('KAFKA_UNAVAILABLE', lastFailure, { retriable: true, cause });
    }
  }

  return {
    name: 'producer',
    async start() {
      await codec.prepare(topics);
      const producer = createClient();
      await producer.connect();
      client = producer;
    },
    async stop() {
      const producer = client;
      client = null;
      await producer?.disconnect();
    },
    ready: () => (client === null ? 'not connected' : (lastFailure ?? 'ok')),
    live: () => true,
    send,
  };
}

async function sendInTurn(producer: Producer, messages: readonly TopicMessage[]): Promise<void> {
  for (const topicMessages of toSends(messages)) await producer.sendBatch({ acks: -1, topicMessages });
}

async function sendTogether(producer: Producer, messages: readonly TopicMessage[]): Promise<void> {
  const transaction = await producer.transaction();
  try {
    for (const topicMessages of toSends(messages)) await transaction.sendBatch({ acks: -1, topicMessages });
    await transaction.commit();
  } catch (error) {
    // What cannot be aborted any more is aborted by the broker, or by whoever uses the id next.
    if (transaction.isActive()) await transaction.abort().catch(() => undefined);
    throw error;
  }
}
