import { randomUUID } from 'node:crypto';
import type { TopicName, TopicValue } from '@shopstream/contracts';
import type { Logger } from '@shopstream/platform';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Codec } from './codec.ts';
import { StreamError } from './errors.ts';
import { type Names, runConsumer } from './kafka.ts';
import type { LogOffsets } from './log-reader.ts';
import { TableProgress } from './table-progress.ts';
import type { Runnable, StreamRecord } from './types.ts';

/** A record of a table; null where its key was deleted. */
export type TableRecord<T extends TopicName> = Omit<StreamRecord<T>, 'bytes' | 'key' | 'value'> & {
  key: string | null;
  value: TopicValue[T] | null;
};

export interface TableOptions<T extends TopicName> {
  topic: T;
  /** Where it is; that of the inputs by default. */
  topicPrefix?: string;
  /** Called once for every record, in the order of its partition. Pure in-memory work; must not throw. */
  apply: (record: TableRecord<T>) => void;
}

export interface TableDeps {
  logger: Logger;
  codec: Codec;
  names: Names;
  createConsumer: (groupId: string) => Consumer;
  log: LogOffsets;
  inputPrefix: string;
  crash: (error: Error) => void;
}

export interface StreamTable extends Runnable {
  /**
   * Resolves when every record that was appended up to this time has been applied. To be awaited before records of another topic, the
   * newest of which was appended then, are looked up in the table. Asks for end offsets ten times a second at most, and not at all for
   * times of more than a minute ago.
   * @param timeMs as the broker says it; such a record must have been read
   */
  readUpTo(timeMs: number): Promise<void>;
}

/**
 * A topic read whole into memory and followed from then on, by every instance for itself. `start` resolves when everything that
 * was in the topic at its call has been applied. Records that cannot be decoded are left out, with an error in the log.
 */
export function createStreamTable<T extends TopicName>(
  options: TableOptions<T>,
  deps: TableDeps,
): StreamTable {
  const { topic } = options;
  const physical = (options.topicPrefix ?? deps.inputPrefix) + topic;
  const name = `table of ${topic}`;
  const progress = new TableProgress(() => deps.log.ends(physical));
  const onBatch = createBatchHandler(options, { ...deps, progress });
  let consumer: Consumer | null = null;
  let isReadUp = false;

  function createReader(): Consumer {
    const reader = deps.createConsumer(`${deps.names.id(topic)}-table-${randomUUID()}`);
    reader.on(reader.events.CRASH, ({ payload }) => {
      if (!payload.restart) deps.crash(payload.error);
    });
    // Batches of nothing but transaction markers never reach the handler.
    reader.on(reader.events.END_BATCH_PROCESS, ({ payload }) => {
      progress.reached(payload.partition, BigInt(payload.lastOffset) + 1n);
    });
    return reader;
  }

  return {
    name,
    async start() {
      const reader = createReader();
      consumer = reader;
      await reader.connect();
      await reader.subscribe({ topics: [physical], fromBeginning: true });
      const isRunning = runConsumer(reader, onBatch, { autoCommit: false, concurrency: 1 });
      await Promise.all([isRunning, progress.toEnd()]);
      isReadUp = true;
    },
    async stop() {
      await consumer?.disconnect();
      consumer = null;
    },
    ready: () => (isReadUp ? 'ok' : 'not read up yet'),
    live: () => true,
    readUpTo: (timeMs) => progress.upTo(timeMs),
  };
}

/** Applies what has not been applied yet: a consumer that joins anew reads from the beginning. */
function createBatchHandler<T extends TopicName>(
  { topic, apply }: TableOptions<T>,
  { codec, logger, progress }: TableDeps & { progress: TableProgress },
): (payload: EachBatchPayload) => Promise<void> {
  function applyMessage(partition: number, message: KafkaMessage): void {
    const offset = BigInt(message.offset);
    const at = { topic, partition, offset, timestamp: Number(message.timestamp) };
    try {
      const value = message.value === null ? null : codec.decode(topic, message.value);
      apply({ ...at, key: message.key?.toString() ?? null, value });
    } catch (error) {
      if (!(error instanceof StreamError) || error.code !== 'UNDECODABLE') throw error;
      logger.error({ topic, partition, offset: message.offset, err: error }, 'row left out of the table');
    }
  }

  return async ({ batch, resolveOffset }) => {
    const { messages, partition } = batch;
    await codec.learn(
      topic,
      messages.map(({ value }) => value),
    );
    for (const message of messages) {
      if (BigInt(message.offset) >= progress.next(partition)) applyMessage(partition, message);
    }
    progress.reached(partition, BigInt(batch.lastOffset()) + 1n);
    resolveOffset(messages.at(-1)?.offset ?? batch.lastOffset());
  };
}
