// What a stage resumes at is the position in its state; its group's offsets are for people and tools that watch lag. A consumer
// resumes at its group's offsets.
import { type Logger, withDeadline } from '@shopstream/platform';
import type { Consumer } from 'kafkajs';

const COMMIT_INTERVAL_MS = 500;
/** A last commit that takes longer is given up: what it would have said is done again. */
const LAST_COMMIT_MS = 3_000;

/** Commits offsets of a running consumer twice a second. */
export class OffsetCommitter {
  readonly #consumer: Consumer;
  readonly #logger: Logger;
  readonly #pending = new Map<string, { topic: string; partition: number; offset: string }>();
  readonly #timer: NodeJS.Timeout;
  /** One commit at a time: a slow one must not put the offsets of the next back. */
  #running: Promise<void> | null = null;

  constructor(consumer: Consumer, logger: Logger) {
    this.#consumer = consumer;
    this.#logger = logger;
    // The new owner of a lost partition commits from now on; an older offset of ours would put it back.
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.#forgetLost(payload.memberAssignment));
    this.#timer = setInterval(() => void this.#commit(), COMMIT_INTERVAL_MS);
  }

  /** Everything up to and with this offset is done. */
  done(topic: string, partition: number, lastOffset: bigint): void {
    this.#pending.set(`${topic}/${partition}`, { topic, partition, offset: String(lastOffset + 1n) });
  }

  /** Commits what is left and ends. To be called while the consumer is still a member of its group. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const rest = async (): Promise<void> => {
      await this.#running;
      await this.#commit();
    };
    await withDeadline(rest(), LAST_COMMIT_MS, 'the last commit of offsets').catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'offsets not committed');
    });
  }

  #forgetLost(assignment: Record<string, number[]>): void {
    for (const [key, { topic, partition }] of this.#pending) {
      if (assignment[topic]?.includes(partition) !== true) this.#pending.delete(key);
    }
  }

  async #commit(): Promise<void> {
    if (this.#running !== null || this.#pending.size === 0) return;
    const offsets = [...this.#pending.values()];
    this.#pending.clear();
    this.#running = this.#consumer
      .commitOffsets(offsets)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'offsets not committed'))
      .finally(() => (this.#running = null));
    await this.#running;
  }
}
