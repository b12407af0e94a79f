import type { TopicName } from '@shopstream/contracts';
import { type Logger, messageOf } from '@shopstream/platform';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Codec } from './codec.ts';
import { type ConsumerHealth, watchConsumer } from './consumer-health.ts';
import { decodeBatch, toDeadLetter } from './decode-batch.ts';
import { type Names, runConsumer } from './kafka.ts';
import type { StreamMetrics } from './metrics.ts';
import type { EventProducer } from './producer.ts';
import { MAX_ATTEMPTS, pauseMs, whileBeating } from './retry.ts';
import { OffsetCommitter } from './stage/offsets.ts';
import type { BatchHandler, ConsumerOptions, Outcome, Output, Runnable, StreamRecord } from './types.ts';

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

interface BatchPlace {
  topic: string;
  partition: number;
  highWatermark: string;
}

/**
 * A consumer that writes to a store: at least once, in the order of each partition. An offset is committed after its handler has
 * answered and its dead letters are acknowledged. A handler that throws is called again with the same records, with growing
 * pauses; after some 30 s of it the process ends, so that a restart can begin from the log.
 */
export class StreamConsumer<T extends TopicName> implements Runnable {
  readonly name: string;
  readonly #handlers: { [K in T]: BatchHandler<K> };
  readonly #deps: ConsumerDeps;
  readonly #logger: Logger;
  readonly #health: ConsumerHealth;
  readonly #inFlight = new Set<Promise<void>>();
  #committer: OffsetCommitter | null = null;
  #isStopping = false;

  constructor(options: ConsumerOptions<T>, deps: ConsumerDeps) {
    this.name = options.name;
    this.#handlers = options.handlers;
    this.#deps = deps;
    this.#logger = deps.logger.child({ consumer: options.name });
    this.#health = watchConsumer(deps.consumer, deps.crash);
  }

  async start(): Promise<void> {
    const { consumer, names, producer } = this.#deps;
    const inputs = Object.keys(this.#handlers) as T[];
    await producer.start();
    await consumer.connect();
    await consumer.subscribe({ topics: inputs.map((topic) => names.topic(topic)), fromBeginning: true });
    this.#committer = new OffsetCommitter(consumer, this.#logger);
    // Batches of nothing but transaction markers never reach the handler.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#progress(payload, payload.lastOffset);
    });
    await runConsumer(consumer, (payload) => this.#track(this.#onBatch(payload)), {
      autoCommit: false,
      concurrency: CONCURRENCY,
    });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#inFlight);
    // Offsets before the consumer: one that has left its group cannot commit.
    await this.#committer?.stop();
    await this.#deps.consumer.disconnect();
    await this.#deps.producer.stop();
  }

  ready(): string {
    return this.#health.ready();
  }

  live(): boolean {
    return this.#health.live();
  }

  #track(work: Promise<void>): Promise<void> {
    this.#inFlight.add(work);
    return work.finally(() => this.#inFlight.delete(work));
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    const stopTimer = this.#deps.metrics.commitSeconds.startTimer({ stage: this.name });
    for (let attempt = 1; ; attempt += 1) {
      if (this.#isStopping || payload.isStale() || !payload.isRunning()) return;
      try {
        await whileBeating(this.#handle(payload), payload.heartbeat);
        break;
      } catch (error) {
        this.#failed(payload, attempt, error);
        if (attempt >= MAX_ATTEMPTS) return;
        await whileBeating(pauseMs(attempt), payload.heartbeat);
      }
    }
    stopTimer();
    const { batch, resolveOffset } = payload;
    resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset());
    this.#progress(batch, batch.lastOffset());
  }

  async #handle({ batch }: EachBatchPayload): Promise<void> {
    const { codec, metrics, names, producer } = this.#deps;
    const topic = names.logical(batch.topic) as T;
    const { records, deadLetters } = await decodeBatch(codec.reader(topic), {
      batch,
      stage: this.name,
      from: 0n,
    });
    const handler = this.#handlers[topic] as BatchHandler<T>;
    const outcomes = records.length === 0 ? [] : await handler(records);
    if (outcomes.length !== records.length)
      throw new Error(`${this.name} answered ${outcomes.length} outcomes for ${records.length} records`);
    const refused = records.flatMap((record, index) => this.#toDeadLetters(record, outcomes[index]));
    if (deadLetters.length + refused.length > 0) await producer.send([...deadLetters, ...refused]);
    for (const { kind } of outcomes) metrics.outcomes.inc({ stage: this.name, topic, outcome: kind });
    metrics.recordsIn.inc({ stage: this.name, topic }, records.length);
  }

  #toDeadLetters(record: StreamRecord<T>, outcome: Outcome | undefined): Output[] {
    if (outcome?.kind !== 'deadLetter') return [];
    const { reason, message, field } = outcome;
    const why = { stage: this.name, reason, message, ...(field === undefined ? {} : { field }) };
    return [toDeadLetter(record, { key: record.key, value: record.bytes }, why)];
  }

  #failed({ batch }: EachBatchPayload, attempt: number, error: unknown): void {
    const { crash, metrics } = this.#deps;
    metrics.failures.inc({ stage: this.name });
    const { topic, partition } = batch;
    this.#logger.warn({ topic, partition, attempt, err: error }, 'batch failed');
    if (attempt < MAX_ATTEMPTS) return;
    crash(new Error(`${this.name} failed ${attempt} times: ${messageOf(error)}`, { cause: error }));
  }

  #progress({ topic, partition, highWatermark }: BatchPlace, lastOffset: string): void {
    const { metrics, names } = this.#deps;
    this.#committer?.done(topic, partition, BigInt(lastOffset));
    const lag = BigInt(highWatermark) - BigInt(lastOffset) - 1n;
    metrics.lag.set({ stage: this.name, topic: names.logical(topic), partition }, Number(lag));
  }
}
