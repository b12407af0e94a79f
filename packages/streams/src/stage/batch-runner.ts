import type { TopicName } from '@shopstream/contracts';
import type { Logger } from '@shopstream/platform';
import type { Batch, EachBatchPayload } from 'kafkajs';
import { decodeBatch } from '../decode-batch.ts';
import { pauseMs, whileBeating } from '../retry.ts';
import type { RowReader } from '../row-reader.ts';
import { Gate } from './gate.ts';
import type { InputRange } from './input-range.ts';
import type { OffsetCommitter } from './offsets.ts';
import type { PartitionOwner } from './partition-owner.ts';
import type { PartitionSlot } from './partition-slot.ts';
import { report } from './report.ts';
import type { StageDeps, StageSpec } from './stage-spec.ts';

/** Bytes of rows that are decoded at once; several partitions of a backlog take turns. */
const MAX_BYTES_AT_WORK = 3 * 1024 * 1024;

interface Place {
  topic: string;
  partition: number;
}

interface BatchPlace extends Place {
  highWatermark: string;
}

interface BatchEnd extends BatchPlace {
  lastOffset: string;
}

interface Stage<In extends TopicName> {
  range: InputRange;
  committer: OffsetCommitter;
  slotOf: (partition: number) => PartitionSlot<In>;
  giveUp: (slot: PartitionSlot<In>, error: unknown) => Promise<void>;
  isStopping: () => boolean;
}

/** What comes from kafkajs, whose offsets are only a hint, brought into line with the position in the state. */
export class BatchRunner<In extends TopicName> {
  readonly #spec: StageSpec<In>;
  readonly #deps: StageDeps;
  readonly #stage: Stage<In>;
  readonly #logger: Logger;
  readonly #reader: RowReader<In>;
  readonly #gate = new Gate(MAX_BYTES_AT_WORK);

  constructor(spec: StageSpec<In>, deps: StageDeps, stage: Stage<In>) {
    this.#spec = spec;
    this.#deps = deps;
    this.#stage = stage;
    this.#logger = deps.logger.child({ stage: spec.name });
    this.#reader = deps.codec.reader(spec.input, spec.columns);
  }

  async onBatch(payload: EachBatchPayload): Promise<void> {
    const slot = this.#stage.slotOf(payload.batch.partition);
    await slot.enqueue(async () => {
      if (this.#stage.isStopping() || payload.isStale() || !payload.isRunning()) return;
      if (slot.isDone) return this.#pause(payload.batch);
      try {
        await this.#handle(slot, payload);
        slot.attempts = 0;
      } catch (error) {
        await this.#recover(slot, payload, error);
      }
    });
  }

  async #handle(slot: PartitionSlot<In>, payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, resolveOffset } = payload;
    const owner = await whileBeating(slot.own(), heartbeat);
    const next = owner.next ?? this.#stage.range.startOf(batch.partition);
    if (this.#hasEnded(owner, batch.partition, next)) {
      // A batch may come before the tick that ends the partition: this is how that knows where it stands.
      this.#progress(slot, batch, next);
      return this.#pause(batch);
    }
    if (this.#seekPosition(slot, batch, next)) return;
    const lastOffset = this.#lastWanted(batch);
    const work = () => this.#process(owner, payload, { next, lastOffset });
    await whileBeating(this.#gate.pass(bytesOf(batch), work), heartbeat);
    resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset());
    this.#progress(slot, batch, lastOffset + 1n);
  }

  #hasEnded(owner: PartitionOwner<In>, partition: number, next: bigint): boolean {
    const end = this.#stage.range.endOf(partition);
    return owner.isDone || (end !== null && next >= end);
  }

  /** What comes after the end is not fetched any more. */
  #pause({ topic, partition }: Place): void {
    this.#deps.consumer.pause([{ topic, partitions: [partition] }]);
  }

  #lastWanted(batch: Batch): bigint {
    const last = BigInt(batch.lastOffset());
    const end = this.#stage.range.endOf(batch.partition);
    return end !== null && last >= end ? end - 1n : last;
  }

  /** True when the batch does not hold what comes next, which is then fetched instead. */
  #seekPosition(slot: PartitionSlot<In>, batch: Batch, next: bigint): boolean {
    const { topic, partition } = batch;
    const first = BigInt(batch.firstOffset() ?? batch.lastOffset());
    const { isFresh } = slot;
    slot.isFresh = false;
    if (next > BigInt(batch.highWatermark)) {
      throw new Error(behindTheEnd(next, topic));
    }
    if (BigInt(batch.lastOffset()) < next) this.#progress(slot, batch, next);
    else if (first <= next) return false;
    else if (!isFresh) {
      // What lies between was asked for: markers that kafkajs went past, or it is gone.
      if (first > slot.readTo)
        this.#logger.error({ partition, from: String(next), to: String(first) }, 'input lost');
      return false;
    }
    this.#deps.consumer.seek({ topic, partition, offset: next.toString() });
    return true;
  }

  async #process(
    owner: PartitionOwner<In>,
    { batch }: EachBatchPayload,
    { next, lastOffset }: { next: bigint; lastOffset: bigint },
  ): Promise<void> {
    const { name: stage, input: topic } = this.#spec;
    const { metrics } = this.#deps;
    const stopTimer = metrics.commitSeconds.startTimer({ stage });
    const wanted = { batch: cut(batch, lastOffset), stage, from: next };
    const { records, deadLetters } = await decodeBatch(this.#reader, wanted);
    const rows = await owner.process(records, { lastOffset, extra: deadLetters });
    stopTimer();
    report(metrics, this.#spec, { partition: batch.partition, owner, rows });
    metrics.recordsIn.inc({ stage, topic }, records.length);
  }

  /** Batches of nothing but transaction markers or aborted rows: kafkajs goes past them without asking. */
  onEmptyBatch(slot: PartitionSlot<In>, batch: BatchEnd): void {
    this.#progress(slot, batch, BigInt(batch.lastOffset) + 1n);
  }

  #progress(slot: PartitionSlot<In>, { topic, partition, highWatermark }: BatchPlace, next: bigint): void {
    const lag = BigInt(highWatermark) - next;
    slot.readTo = next;
    slot.isCaughtUp = lag <= 0n;
    this.#stage.committer.done(topic, partition, next - 1n);
    this.#deps.metrics.lag.set({ stage: this.#spec.name, topic: this.#spec.input, partition }, Number(lag));
  }

  async #recover(
    slot: PartitionSlot<In>,
    { batch, heartbeat }: EachBatchPayload,
    error: unknown,
  ): Promise<void> {
    await this.#stage.giveUp(slot, error);
    const { topic, partition } = batch;
    this.#deps.consumer.seek({ topic, partition, offset: batch.firstOffset() ?? batch.lastOffset() });
    await whileBeating(pauseMs(slot.attempts), heartbeat);
  }
}

const bytesOf = ({ messages }: Batch): number =>
  messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
export const behindTheEnd = (next: bigint, topic: string): string =>
  `the state stands at ${next}, behind the end of ${topic}: has it been created anew?`;

function cut(batch: Batch, lastOffset: bigint): Pick<Batch, 'messages' | 'partition'> {
  if (BigInt(batch.lastOffset()) <= lastOffset) return batch;
  const messages = batch.messages.filter(({ offset }) => BigInt(offset) <= lastOffset);
  return { messages, partition: batch.partition };
}
