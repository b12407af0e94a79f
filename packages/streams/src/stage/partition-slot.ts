import type { TopicName } from '@shopstream/contracts';
import type { Logger } from '@shopstream/platform';
import type { Producer } from 'kafkajs';
import { transactionalIdOf } from './fence.ts';
import { type PartitionOwner, takeOwnership } from './partition-owner.ts';
import type { StageDeps, StageSpec } from './stage-spec.ts';

/**
 * A partition's place in a stage: its owner while it has one, and the queue of its work. Batches and ticks of a partition never
 * overlap; an owner that failed is dropped within the queue, before anything else is tried.
 */
export class PartitionSlot<In extends TopicName> {
  readonly partition: number;
  readonly #spec: StageSpec<In>;
  readonly #deps: StageDeps;
  readonly #logger: Logger;
  #tail: Promise<unknown> = Promise.resolve();
  #queued = 0;
  #producer: Producer | null = null;
  #owner: Promise<PartitionOwner<In>> | null = null;

  /** To be owned without waiting for input. */
  isWanted = false;
  /** Everything that was in the input at the last look has been processed. */
  isCaughtUp = false;
  /** Nothing was read since ownership began. */
  isFresh = true;
  /** How far the input was gone through; further than the position by transaction markers at most. */
  readTo = 0n;
  /** A bounded run has nothing left to do here. */
  isDone = false;
  /** Failures in a row. */
  attempts = 0;
  failedAtMs = 0;

  constructor(partition: number, spec: StageSpec<In>, deps: StageDeps) {
    this.partition = partition;
    this.#spec = spec;
    this.#deps = deps;
    this.#logger = deps.logger.child({ stage: spec.name, partition });
  }

  get isOwned(): boolean {
    return this.#owner !== null;
  }

  get isBusy(): boolean {
    return this.#queued > 0;
  }

  /** Runs work of the partition after what is queued for it already. */
  enqueue<T>(work: () => Promise<T>): Promise<T> {
    this.#queued += 1;
    const result = this.#tail.then(work).finally(() => (this.#queued -= 1));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** When all that is queued has ended. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  /** The partition's owner; takes ownership first when there is none. */
  own(): Promise<PartitionOwner<In>> {
    if (this.#owner === null) {
      const { partition } = this;
      const { name, input, changelog } = this.#spec;
      const { names, createProducer } = this.#deps;
      const producer = createProducer(transactionalIdOf(names, this.#spec, partition));
      const processor = this.#spec.createProcessor(partition);
      this.isFresh = true;
      this.#producer = producer;
      const owned = { stage: name, input, partition, changelog, processor, producer };
      const deps = { ...this.#deps, ...owned };
      this.#owner = takeOwnership(deps).then((owner) => this.#checked(owner));
    }
    return this.#owner;
  }

  /** Windows that a bounded run has closed at its end would put aside whatever came now. */
  #checked(owner: PartitionOwner<In>): PartitionOwner<In> {
    if (!owner.isDone || this.#deps.mode.isBounded) return owner;
    const error = new Error('a bounded run has ended here; a live one needs another prefix');
    this.#deps.crash(error);
    throw error;
  }

  /** Throws producer and state away. */
  async drop(): Promise<void> {
    const producer = this.#producer;
    this.#owner = null;
    this.#producer = null;
    await producer
      ?.disconnect()
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'producer did not disconnect'));
  }
}
