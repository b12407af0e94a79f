import type { TopicName } from '@shopstream/contracts';
import { type Logger, messageOf } from '@shopstream/platform';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Codec } from './codec.ts';
import { decodeBatch, toDeadLetter } from './decode-batch.ts';
import { type Names, runConsumer } from './kafka.ts';
import type { StreamMetrics } from './metrics.ts';
import type { EventProducer } from './producer.ts';
import { MAX_ATTEMPTS, pauseMs, whileBeating } from './retry.ts';
import { type OffsetCommitter, createOffsetCommitter } from './stage/offsets.ts';
import type { BatchHandler, ConsumerOptions, Output, Runnable, StreamRecord } from './types.ts';

/** A loop that has not ticked for so long hangs. */
const STALL_MS = 120_000;
const CONCURRENCY = 24;

export interface ConsumerDeps {
  logger: Logger;
  metrics: StreamMetrics;
  codec: Codec;
  names: Names;
  consumer: Consumer;
  /** For dead letters. */
  producer: EventProducer;
  crash: (error: Error) => void;
}

/**
 * A consumer that writes to a store: at least once, in the order of each partition. An offset is committed after its handler has
 * answered and its dead letters are acknowledged. A handler that throws is called again with the same records, with growing
 * pauses; after some 30 s of it the process ends, so that a restart can begin from the log.
 */
export function createStreamConsumer<T extends TopicName>(
  options: ConsumerOptions<T>,
  deps: ConsumerDeps,
): Runnable {
  const { consumer, metrics, names, producer } = deps;
  const logger = deps.logger.child({ consumer: options.name });
  const inputs = Object.keys(options.handlers) as T[];
  let committer: OffsetCommitter | null = null;
  let isAssigned = false;
  let isStopping = false;
  let beatAtMs = Date.now();

  async function handle(topic: T, payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const decoded = await decodeBatch(deps.codec, topic, { batch, stage: options.name, from: 0n });
    const handler = options.handlers[topic] as BatchHandler<T>;
    const outcomes = await handler(decoded.records);
    const deadLetters = [...decoded.deadLetters];
    decoded.records.forEach((record, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined)
        throw new Error(`${options.name} answered no outcome for a record of ${topic}`);
      if (outcome.kind === 'deadLetter') deadLetters.push(toOutput(record, outcome));
      metrics.outcomes.inc({ stage: options.name, topic, outcome: outcome.kind });
    });
    if (deadLetters.length > 0) await producer.send(deadLetters);
    metrics.recordsIn.inc({ stage: options.name, topic }, decoded.records.length);
  }

  function toOutput(
    record: StreamRecord<T>,
    { reason, message, field }: { reason: string; message: string; field?: string },
  ): Output {
    const key = record.key === null ? null : Buffer.from(record.key);
    const why = { stage: options.name, reason, message, ...(field === undefined ? {} : { field }) };
    return toDeadLetter(record, { key, value: record.bytes }, why);
  }

  async function onBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const topic = names.logical(batch.topic) as T;
    const stop = metrics.commitSeconds.startTimer({ stage: options.name });
    for (let attempt = 1; ; attempt += 1) {
      beatAtMs = Date.now();
      if (isStopping || payload.isStale() || !payload.isRunning()) return;
      try {
        await whileBeating(handle(topic, payload), payload.heartbeat);
        break;
      } catch (error) {
        metrics.failures.inc({ stage: options.name });
        logger.warn({ topic, partition: batch.partition, attempt, err: error }, 'batch failed');
        if (attempt >= MAX_ATTEMPTS) {
          deps.crash(
            new Error(`${options.name} failed ${attempt} times: ${messageOf(error)}`, { cause: error }),
          );
          return;
        }
        await whileBeating(pauseMs(attempt), payload.heartbeat);
      }
    }
    stop();
    payload.resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset());
    committer?.done(batch.topic, batch.partition, BigInt(batch.lastOffset()));
    const lag = BigInt(batch.highWatermark) - BigInt(batch.lastOffset()) - 1n;
    metrics.lag.set({ stage: options.name, topic, partition: batch.partition }, Number(lag));
  }

  return {
    name: options.name,
    async start() {
      await producer.start();
      await consumer.connect();
      await consumer.subscribe({ topics: inputs.map((topic) => names.topic(topic)), fromBeginning: true });
      consumer.on(consumer.events.GROUP_JOIN, () => (isAssigned = true));
      consumer.on(consumer.events.HEARTBEAT, () => (beatAtMs = Date.now()));
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) deps.crash(payload.error);
      });
      committer = createOffsetCommitter(consumer, logger);
      await runConsumer(consumer, onBatch, { autoCommit: false, concurrency: CONCURRENCY });
    },
    async stop() {
      isStopping = true;
      await consumer.stop();
      await committer?.stop();
      await consumer.disconnect();
      await producer.stop();
    },
    ready: () => (isAssigned ? 'ok' : 'no partitions assigned yet'),
    live: () => Date.now() - beatAtMs < STALL_MS,
  };
}
