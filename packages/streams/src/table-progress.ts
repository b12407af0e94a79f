// Until when a table has to be read before records of another topic may be looked up in it, at few requests.
import type { EndOffsets } from './log-place.ts';

/** End offsets are asked for at most this often, whoever waits. */
const ASK_EVERY_MS = 100;
/** So long after a record came, what is appended has a later time than the record: times are whole milliseconds. */
const NEXT_MILLISECOND_MS = 2;
/** By how much the clocks of brokers and of this process may differ. */
const CLOCK_DIFFERENCE_MS = 60_000;

interface Waiting {
  missing: Map<number, bigint>;
  resolve: () => void;
}

export class TableProgress {
  readonly #endOffsets: () => Promise<EndOffsets>;
  readonly #next = new Map<number, bigint>();
  readonly #waiting = new Set<Waiting>();
  /** All that was appended up to this time has been applied. */
  #knownMs = Number.NEGATIVE_INFINITY;
  #wantedMs = Number.NEGATIVE_INFINITY;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  /** The next question, as long as it has not been asked. */
  #question: Promise<void> | null = null;

  constructor(endOffsets: () => Promise<EndOffsets>) {
    this.#endOffsets = endOffsets;
  }

  /** Where a partition goes on. */
  next(partition: number): bigint {
    return this.#next.get(partition) ?? 0n;
  }

  /** All of a partition before this offset has been applied. */
  reached(partition: number, next: bigint): void {
    if (next <= this.next(partition)) return;
    this.#next.set(partition, next);
    for (const waiting of this.#waiting) this.#settle(waiting);
  }

  /** Resolves when all that is there now has been applied. */
  async toEnd(): Promise<void> {
    const ends = await this.#endOffsets();
    const missing = new Map(
      [...ends].filter(([, { low, high }]) => high > low).map(([p, { high }]) => [p, high]),
    );
    await new Promise<void>((resolve) => {
      const waiting = { missing, resolve };
      this.#waiting.add(waiting);
      this.#settle(waiting);
    });
  }

  /** Resolves when all that was appended up to this time has been applied. A record of that time must have been read before the call. */
  async upTo(timeMs: number): Promise<void> {
    if (timeMs <= this.#knownMs) return;
    await delay(NEXT_MILLISECOND_MS);
    if (timeMs <= this.#knownMs) return;
    this.#wantedMs = Math.max(this.#wantedMs, timeMs);
    this.#question ??= this.#ask();
    await this.#question;
  }

  async #ask(): Promise<void> {
    await delay(Math.max(0, this.#askedAtMs + ASK_EVERY_MS - Date.now()));
    // Who comes from here on needs the next answer.
    this.#question = null;
    const wantedMs = this.#wantedMs;
    const askedAtMs = (this.#askedAtMs = Date.now());
    await this.toEnd();
    this.#knownMs = Math.max(this.#knownMs, wantedMs, askedAtMs - CLOCK_DIFFERENCE_MS);
  }

  #settle(waiting: Waiting): void {
    for (const [partition, end] of waiting.missing) {
      if (this.next(partition) >= end) waiting.missing.delete(partition);
    }
    if (waiting.missing.size > 0) return;
    this.#waiting.delete(waiting);
    waiting.resolve();
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
