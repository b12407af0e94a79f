// The kernel: partitions are owned one by one, each with its own producer and state. Whatever goes wrong with a partition,
// its producer and state are thrown away and taken anew from the log; a commit is never tried twice.
import type { TopicName } from '@shopstream/contracts';
import { type Logger, messageOf } from '@shopstream/platform';
import type { Consumer, EachBatchPayload, Producer } from 'kafkajs';
import type { Codec } from '../codec.ts';
import { decodeBatch } from '../decode-batch.ts';
import { type Names, runConsumer } from '../kafka.ts';
import type { StreamMetrics } from '../metrics.ts';
import { MAX_ATTEMPTS, pauseMs, whileBeating } from '../retry.ts';
import type { ChangelogTopic, Output, Runnable } from '../types.ts';
import type { ChangelogReader } from './changelog-reader.ts';
import { type OffsetCommitter, createOffsetCommitter } from './offsets.ts';
import { type PartitionOwner, takeOwnership } from './partition-owner.ts';
import type { Processor } from './processor.ts';

const TICK_MS = 200;
/** A loop that has not ticked for so long hangs. */
const STALL_MS = 60_000;

export interface StageSpec<In extends TopicName> {
  name: string;
  input: In;
  changelog: ChangelogTopic;
  outputs: readonly TopicName[];
  createProcessor: (partition: number) => Processor<In>;
  /** Called once, before anything is owned. */
  prepare?: () => Promise<void>;
  /** Partitions with state that time alone may change: owned without waiting for input. */
  partitionsWithState?: () => Promise<ReadonlySet<number>>;
  /** Told of new assignments. */
  onAssigned?: (partitions: readonly number[]) => Promise<void>;
}

export interface StageDeps {
  logger: Logger;
  metrics: StreamMetrics;
  codec: Codec;
  names: Names;
  reader: ChangelogReader;
  consumer: Consumer;
  createProducer: (transactionalId: string) => Producer;
  /** Ends the process: the stage cannot go on and a restart is due. */
  crash: (error: Error) => void;
}

interface Slot<In extends TopicName> {
  owner: Promise<PartitionOwner<In>> | null;
  /** End of the work queued for the partition; batches and ticks never overlap. */
  tail: Promise<unknown>;
  isBusy: boolean;
  caughtUp: boolean;
  /** Nothing was read since ownership began. */
  isFresh: boolean;
  /** To be owned without waiting for input. */
  isWanted: boolean;
  attempts: number;
  producer: Producer | null;
}

export function createStageRunner<In extends TopicName>(spec: StageSpec<In>, deps: StageDeps): Runnable {
  const { consumer, metrics, names } = deps;
  const logger = deps.logger.child({ stage: spec.name });
  const topic = names.topic(spec.input);
  const slots = new Map<number, Slot<In>>();
  let committer: OffsetCommitter | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isAssigned = false;
  let isStopping = false;
  let tickedAtMs = Date.now();

  function slotOf(partition: number): Slot<In> {
    let slot = slots.get(partition);
    if (slot === undefined) {
      slot = {
        owner: null,
        tail: Promise.resolve(),
        isBusy: false,
        caughtUp: false,
        isFresh: true,
        isWanted: false,
        attempts: 0,
        producer: null,
      };
      slots.set(partition, slot);
    }
    return slot;
  }

  function own(partition: number, slot: Slot<In>): Promise<PartitionOwner<In>> {
    if (slot.owner === null) {
      const producer = deps.createProducer(names.id(`${spec.name}-${spec.input}-${partition}`));
      slot.producer = producer;
      slot.isFresh = true;
      const { changelog } = spec;
      const processor = spec.createProcessor(partition);
      slot.owner = takeOwnership({ ...deps, partition, changelog, processor, producer });
    }
    return slot.owner;
  }

  async function drop(slot: Slot<In>): Promise<void> {
    const { producer } = slot;
    slot.owner = null;
    slot.producer = null;
    await producer
      ?.disconnect()
      .catch((error: unknown) => logger.warn({ err: error }, 'producer did not disconnect'));
  }

  /** Runs work of a partition after what is queued for it already. */
  function enqueue<T>(slot: Slot<In>, work: () => Promise<T>): Promise<T> {
    const result = slot.tail.then(async () => {
      slot.isBusy = true;
      try {
        return await work();
      } finally {
        slot.isBusy = false;
      }
    });
    slot.tail = result.catch(() => undefined);
    return result;
  }

  async function onBatch(payload: EachBatchPayload): Promise<void> {
    const slot = slotOf(payload.batch.partition);
    await enqueue(slot, async () => {
      if (isStopping || payload.isStale() || !payload.isRunning()) return;
      try {
        await processBatch(slot, payload);
        slot.attempts = 0;
      } catch (error) {
        await recover(slot, payload, error);
      }
    });
  }

  async function processBatch(
    slot: Slot<In>,
    { batch, resolveOffset, heartbeat }: EachBatchPayload,
  ): Promise<void> {
    const { partition } = batch;
    const owner = await whileBeating(own(partition, slot), heartbeat);
    const next = owner.next ?? 0n;
    const lastOffset = BigInt(batch.lastOffset());
    const { isFresh } = slot;
    slot.isFresh = false;
    if (isFresh && owner.next !== null && BigInt(batch.firstOffset() ?? 0) > next) {
      consumer.seek({ topic, partition, offset: next.toString() });
      return;
    }
    if (lastOffset >= next) {
      const stop = metrics.commitSeconds.startTimer({ stage: spec.name });
      const { records, deadLetters } = await decodeBatch(deps.codec, spec.input, {
        batch,
        stage: spec.name,
        from: next,
      });
      const rows = await whileBeating(owner.process(records, { lastOffset, extra: deadLetters }), heartbeat);
      stop();
      report(partition, owner, rows);
      metrics.recordsIn.inc({ stage: spec.name, topic: spec.input }, records.length);
    }
    resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset());
    committer?.done(topic, partition, lastOffset);
    const lag = BigInt(batch.highWatermark) - lastOffset - 1n;
    slot.caughtUp = lag <= 0n;
    metrics.lag.set({ stage: spec.name, topic: spec.input, partition }, Number(lag));
  }

  function report(partition: number, owner: PartitionOwner<In>, rows: readonly Output[]): void {
    for (const row of rows) {
      metrics.rowsOut.inc({ stage: spec.name, topic: row.topic });
      if (row.topic === 'ecom.late.v1') metrics.late.inc({ stage: spec.name });
    }
    const watermarkMs = owner.processor.watermarkMs();
    if (watermarkMs === null) return;
    metrics.watermarkSeconds.set({ stage: spec.name, partition }, watermarkMs / 1000);
  }

  async function recover(
    slot: Slot<In>,
    { batch, heartbeat }: EachBatchPayload,
    error: unknown,
  ): Promise<void> {
    await giveUp(slot, batch.partition, error);
    consumer.seek({ topic, partition: batch.partition, offset: batch.firstOffset() ?? batch.lastOffset() });
    await whileBeating(pauseMs(slot.attempts), heartbeat);
  }

  async function giveUp(slot: Slot<In>, partition: number, error: unknown): Promise<void> {
    slot.attempts += 1;
    metrics.failures.inc({ stage: spec.name });
    logger.warn({ partition, attempt: slot.attempts, err: error }, 'partition failed, state dropped');
    await drop(slot);
    if (slot.attempts >= MAX_ATTEMPTS) {
      deps.crash(
        new Error(
          `${spec.name} failed ${slot.attempts} times on partition ${partition}: ${messageOf(error)}`,
          { cause: error },
        ),
      );
    }
  }

  function tick(): void {
    tickedAtMs = Date.now();
    for (const [partition, slot] of slots) {
      if (slot.isBusy || (slot.owner === null && !slot.isWanted)) continue;
      enqueue(slot, async () => {
        const current = await own(partition, slot);
        report(partition, current, await current.tick(Date.now(), slot.caughtUp));
      }).catch((error: unknown) => giveUp(slot, partition, error));
    }
  }

  async function onAssignment(partitions: readonly number[]): Promise<void> {
    for (const [partition, slot] of slots) {
      if (partitions.includes(partition)) continue;
      slots.delete(partition);
      await enqueue(slot, () => drop(slot));
    }
    isAssigned = true;
    metrics.owned.set({ stage: spec.name }, slots.size);
    const withState = (await spec.partitionsWithState?.()) ?? new Set();
    for (const partition of partitions) {
      if (!withState.has(partition)) continue;
      const slot = slotOf(partition);
      slot.isWanted = true;
      slot.caughtUp = true;
    }
    await spec.onAssigned?.(partitions);
  }

  return {
    name: spec.name,
    async start() {
      await deps.codec.prepare([...spec.outputs, spec.changelog, 'ecom.dead-letter.v1']);
      await spec.prepare?.();
      await deps.reader.start();
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
        onAssignment(payload.memberAssignment[topic] ?? []).catch((error: unknown) => {
          deps.crash(new Error(`${spec.name} could not take its partitions over`, { cause: error }));
        });
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) deps.crash(payload.error);
      });
      committer = createOffsetCommitter(consumer, logger);
      await runConsumer(consumer, onBatch, { autoCommit: false, concurrency: 64 });
      timer = setInterval(tick, TICK_MS);
    },
    async stop() {
      isStopping = true;
      if (timer !== null) clearInterval(timer);
      await Promise.all([...slots.values()].map((slot) => slot.tail));
      // Offsets before the consumer: one that has left its group cannot commit.
      await committer?.stop();
      await consumer.disconnect();
      await Promise.all([...slots.values()].map(drop));
      await deps.reader.stop();
    },
    ready: () => (isAssigned ? 'ok' : 'no partitions assigned yet'),
    live: () => Date.now() - tickedAtMs < STALL_MS,
  };
}
