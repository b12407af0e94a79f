import type { TopicName } from '@shopstream/contracts';
import { withDeadline } from '@shopstream/platform';
import type { Producer } from 'kafkajs';
import type { Codec } from './codec.ts';
import { StreamError } from './errors.ts';
import type { Names } from './kafka.ts';
import { type TopicMessage, toMessage, toSends } from './messages.ts';
import type { Output, Runnable } from './types.ts';

export interface EventProducer extends Runnable {
  /**
   * Resolves when all in-sync replicas have the rows. Rows of one call keep their order within a partition.
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
}

/** A client of its own producer id. */
interface Connection {
  client: Producer;
  connected: Promise<void>;
  /** Whether rows went out, or the connection failed: what comes of an error then is not known. */
  isUsed: boolean;
  /** Sends that the client still works at, also those that were given up here: it tries them again by itself. */
  underWay: Set<Promise<void>>;
}

const SEND_TIMEOUT_MS = 10_000;

/**
 * A producer outside any stage, for rows whose sender retries: acks=all and idempotent, but not transactional.
 *
 * A client of which one send failed is not used again. Whether the broker has those rows is unknown, and kafkajs gives their sequence
 * numbers to the next ones, which the broker would then acknowledge as repetitions of the former without keeping them; or refuse
 * all that follows as out of sequence. What was not acknowledged is the sender's to send again. The next client begins only when the
 * former has let go of all it was given: a late success of an old row must not come after a newer one.
 */
export function createEventProducer({ createClient, codec, names, topics }: ProducerDeps): EventProducer {
  let connection: Connection | null = null;
  let lastFailure: string | null = null;

  function connect(former?: Connection): Connection {
    const client = createClient();
    const connected = former === undefined ? client.connect() : letGo(former).then(() => client.connect());
    const opened: Connection = { client, connected, isUsed: false, underWay: new Set() };
    connected.catch(() => (opened.isUsed = true));
    return opened;
  }

  function replace(failed: Connection): void {
    if (connection === failed && failed.isUsed) connection = connect(failed);
  }

  async function send(outputs: readonly Output[], options: { timeoutMs?: number } = {}): Promise<void> {
    const used = connection;
    if (used === null)
      throw new StreamError('KAFKA_UNAVAILABLE', 'the producer is not connected', { retriable: true });
    const messages = outputs.map((output) => toMessage(codec, names, output));
    try {
      await withDeadline(
        sendAll(used, messages),
        options.timeoutMs ?? SEND_TIMEOUT_MS,
        "Kafka's acknowledgement",
      );
      lastFailure = null;
    } catch (cause) {
      replace(used);
      lastFailure = 'Kafka did not acknowledge the last rows';
      throw new StreamError('KAFKA_UNAVAILABLE', lastFailure, { retriable: true, cause });
    }
  }

  return {
    name: 'producer',
    async start() {
      await codec.prepare(topics);
      const opened = connect();
      await opened.connected;
      connection = opened;
    },
    async stop() {
      const last = connection;
      connection = null;
      await last?.client.disconnect();
    },
    ready: () => (connection === null ? 'not connected' : (lastFailure ?? 'ok')),
    live: () => true,
    send,
  };
}

async function sendAll(connection: Connection, messages: readonly TopicMessage[]): Promise<void> {
  await connection.connected;
  connection.isUsed = true;
  const sending = sendParts(connection.client, messages);
  connection.underWay.add(sending);
  await sending.finally(() => connection.underWay.delete(sending));
}

async function sendParts(client: Producer, messages: readonly TopicMessage[]): Promise<void> {
  for (const topicMessages of toSends(messages)) await client.sendBatch({ acks: -1, topicMessages });
}

/** A client that is disconnected while it tries again connects anew, and goes on. */
async function letGo({ client, underWay }: Connection): Promise<void> {
  await Promise.allSettled(underWay);
  await client.disconnect().catch(() => undefined);
}
