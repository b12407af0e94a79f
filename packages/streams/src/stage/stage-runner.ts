// The kernel: partitions are owned one by one, each with its own producer and state. Whatever goes wrong with a partition,
// its producer and state are thrown away and taken anew from the log; a commit is never tried twice.
import type { TopicName } from '@shopstream/contracts';
import { type Logger, messageOf } from '@shopstream/platform';
import { type ConsumerHealth, watchConsumer } from '../consumer-health.ts';
import { runConsumer } from '../kafka.ts';
import { MAX_ATTEMPTS } from '../retry.ts';
import { topics } from '@shopstream/contracts';
import type { RunnableStage } from '../types.ts';
import { BatchRunner, behindTheEnd } from './batch-runner.ts';
import { type InputRange, findRange, wholeInput } from './input-range.ts';
import { OffsetCommitter } from './offsets.ts';
import type { PartitionOwner } from './partition-owner.ts';
import { PartitionSlot } from './partition-slot.ts';
import { report } from './report.ts';
import type { StageDeps, StageSpec } from './stage-spec.ts';

const TICK_MS = 200;
/** Batches handled at once: as many as a topic may have partitions here. */
const CONCURRENCY = 64;

export class StageRunner<In extends TopicName> implements RunnableStage {
  readonly name: string;
  readonly ended: Promise<void> | null;
  readonly #spec: StageSpec<In>;
  readonly #deps: StageDeps;
  readonly #logger: Logger;
  readonly #topic: string;
  readonly #slots = new Map<number, PartitionSlot<In>>();
  readonly #health: ConsumerHealth;
  #range = wholeInput;
  /** Null in the middle of a rebalance. */
  #assigned: readonly number[] | null = null;
  #onEnd = (): void => undefined;
  #committer: OffsetCommitter | null = null;
  #timer: NodeJS.Timeout | null = null;
  #joins = 0;
  #isStopping = false;

  constructor(spec: StageSpec<In>, deps: StageDeps) {
    this.name = spec.name;
    this.#spec = spec;
    this.#deps = deps;
    this.#logger = deps.logger.child({ stage: spec.name });
    this.#topic = deps.inputTopic;
    this.ended = deps.mode.isBounded ? new Promise((resolve) => (this.#onEnd = resolve)) : null;
    this.#health = watchConsumer(deps.consumer, deps.crash);
  }

  async start(): Promise<void> {
    const { codec, reader, consumer } = this.#deps;
    await codec.prepare([...this.#spec.outputs, this.#spec.changelog, 'ecom.dead-letter.v1']);
    await this.#spec.prepare?.();
    this.#range = await this.#findRange();
    await reader.start();
    await consumer.connect();
    await consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
    this.#committer = new OffsetCommitter(consumer, this.#logger);
    const batches = new BatchRunner(this.#spec, this.#deps, {
      range: this.#range,
      committer: this.#committer,
      slotOf: (partition) => this.#slotOf(partition),
      giveUp: (slot, error) => this.#giveUp(slot, error),
      isStopping: () => this.#isStopping,
    });
    this.#listen(batches);
    await runConsumer(consumer, (payload) => batches.onBatch(payload), {
      autoCommit: false,
      concurrency: CONCURRENCY,
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    const slots = [...this.#slots.values()];
    await Promise.all(slots.map((slot) => slot.settled()));
    // Offsets before the consumer: one that has left its group cannot commit.
    await this.#committer?.stop();
    await this.#deps.consumer.disconnect();
    await Promise.all(slots.map((slot) => slot.enqueue(() => slot.drop())));
    await this.#deps.reader.stop();
  }

  ready(): string {
    return this.#health.ready();
  }

  live(): boolean {
    return this.#health.live();
  }

  async #findRange(): Promise<InputRange> {
    const { log, mode } = this.#deps;
    if (topics[this.#spec.input].internal) return wholeInput;
    return findRange(mode, async () => ({
      ends: await log.ends(this.#topic),
      offsetsAt: (timeMs) => log.at(this.#topic, timeMs),
    }));
  }

  #listen(batches: BatchRunner<In>): void {
    const { consumer, crash } = this.#deps;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#onAssignment(payload.memberAssignment[this.#topic] ?? []).catch((error: unknown) => {
        crash(new Error(`${this.name} could not take its partitions over`, { cause: error }));
      });
    });
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const slot = this.#slots.get(payload.partition);
      if (slot !== undefined && payload.batchSize === 0) batches.onEmptyBatch(slot, payload);
    });
  }

  #slotOf(partition: number): PartitionSlot<In> {
    let slot = this.#slots.get(partition);
    if (slot === undefined) {
      slot = new PartitionSlot(partition, this.#spec, this.#deps);
      this.#slots.set(partition, slot);
    }
    return slot;
  }

  /** Partitions that are kept keep their state: had anybody else owned them meanwhile, their producer would be fenced. */
  async #onAssignment(partitions: readonly number[]): Promise<void> {
    const join = (this.#joins += 1);
    this.#assigned = null;
    const lost = [...this.#slots.values()].filter(({ partition }) => !partitions.includes(partition));
    for (const { partition } of lost) this.#slots.delete(partition);
    await Promise.all(lost.map((slot) => slot.enqueue(() => slot.drop())));
    const wanted = await this.#toBeOwned(partitions);
    if (join !== this.#joins || this.#isStopping) return;
    for (const partition of wanted) this.#slotOf(partition).isWanted = true;
    this.#assigned = partitions;
    await this.#spec.onAssigned?.(partitions);
  }

  /** Partitions to be owned before anything is read of them: those with state that time may change; all that are to be ended. */
  async #toBeOwned(partitions: readonly number[]): Promise<readonly number[]> {
    if (this.#deps.mode.isBounded) return partitions;
    if (this.#spec.isTimed !== true) return [];
    const ends = await this.#deps.endOffsets(this.#spec.changelog);
    return partitions.filter((partition) => {
      const { low, high } = ends.get(partition) ?? { low: 0n, high: 0n };
      return high > low;
    });
  }

  #tick(): void {
    let owned = 0;
    for (const slot of this.#slots.values()) {
      if (slot.isOwned) owned += 1;
      if (slot.isBusy || !this.#isDue(slot)) continue;
      void slot.enqueue(() => this.#tickSlot(slot));
    }
    this.#deps.metrics.owned.set({ stage: this.name }, owned);
    if (this.#assigned?.every((partition) => this.#slots.get(partition)?.isDone === true)) this.#onEnd();
  }

  /** After a failure a partition is taken again only once the group has confirmed that it may still be ours. */
  #isDue(slot: PartitionSlot<In>): boolean {
    if (slot.isDone) return false;
    return slot.isOwned || (slot.isWanted && slot.failedAtMs < this.#health.confirmedAtMs());
  }

  async #tickSlot(slot: PartitionSlot<In>): Promise<void> {
    try {
      const isNew = !slot.isOwned;
      const owner = await slot.own();
      // A partition that is owned for its state alone may have nothing to read that would say where it stands.
      if (isNew) await this.#takeStand(slot, owner);
      if (this.#deps.mode.isBounded && this.#isComplete(slot, owner)) return await this.#finish(slot, owner);
      const idleMs = slot.isCaughtUp ? this.#health.fetchedAtMs() - owner.activeAtMs : null;
      const rows = await owner.tick(Date.now(), idleMs);
      report(this.#deps.metrics, this.#spec, { partition: slot.partition, owner, rows });
      slot.attempts = 0;
    } catch (error) {
      await this.#giveUp(slot, error);
    }
  }

  async #takeStand(slot: PartitionSlot<In>, owner: PartitionOwner<In>): Promise<void> {
    const { partition } = slot;
    const { consumer, log, mode } = this.#deps;
    const end = (await log.ends(this.#topic)).get(partition)?.high ?? 0n;
    const next = owner.next ?? this.#range.startOf(partition);
    slot.isCaughtUp = end <= next;
    if (!mode.isBounded) return;
    if (end < next) throw new Error(behindTheEnd(next, this.#topic));
    slot.readTo = next;
    // The group's offsets may be further: past markers after which nothing would come that shows the end.
    slot.isFresh = false;
    consumer.seek({ topic: this.#topic, partition, offset: next.toString() });
  }

  #isComplete({ partition, readTo }: PartitionSlot<In>, { isDone, processor }: PartitionOwner<In>): boolean {
    if (isDone || processor.isComplete !== undefined) return isDone || processor.isComplete?.() === true;
    const end = this.#range.endOf(partition);
    return end !== null && readTo >= end;
  }

  async #finish(slot: PartitionSlot<In>, owner: PartitionOwner<In>): Promise<void> {
    const { partition } = slot;
    if (!owner.isDone) {
      const rows = await owner.finish();
      report(this.#deps.metrics, this.#spec, { partition, owner, rows });
    }
    slot.isDone = true;
    this.#deps.consumer.pause([{ topic: this.#topic, partitions: [partition] }]);
    this.#logger.info({ partition, position: String(slot.readTo) }, 'partition done');
    await slot.drop();
  }

  async #giveUp(slot: PartitionSlot<In>, error: unknown): Promise<void> {
    const { partition } = slot;
    slot.attempts += 1;
    slot.failedAtMs = Date.now();
    this.#deps.metrics.failures.inc({ stage: this.name });
    this.#logger.warn({ partition, attempt: slot.attempts, err: error }, 'partition failed, state dropped');
    await slot.drop();
    if (slot.attempts < MAX_ATTEMPTS) return;
    const times = `${this.name} failed ${slot.attempts} times on partition ${partition}`;
    this.#deps.crash(new Error(`${times}: ${messageOf(error)}`, { cause: error }));
  }
}
