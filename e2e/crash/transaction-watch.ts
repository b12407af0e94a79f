import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from './instance.ts';
import { ongoingTransactions } from './ongoing-transactions.ts';

const POLL_MS = 5;
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 50;

/** Looks for moments in which a stage is in the middle of a transaction. */
export class TransactionWatch {
  readonly #port: number;
  readonly #prefix: string;

  constructor(port: number, prefix: string) {
    this.#port = port;
    this.#prefix = prefix;
  }

  /** Ids of the open transactions of some stages. */
  async ongoing(stages: readonly string[]): Promise<string[]> {
    const ids = await ongoingTransactions(this.#port);
    return ids.filter((id) => stages.some((stage) => id.startsWith(`${this.#prefix}${stage}-ecom.`)));
  }

  /**
   * Resolves to the ids of transactions that have just begun; none when none has in time. What a dead owner left open does not
   * count.
   */
  async begun(stages: readonly string[], timeoutMs: number): Promise<string[]> {
    const deadline = Date.now() + timeoutMs;
    let before = new Set(await this.ongoing(stages));
    while (Date.now() < deadline) {
      await delay(POLL_MS);
      const now = await this.ongoing(stages);
      const begun = now.filter((id) => !before.has(id));
      if (begun.length > 0) return begun;
      before = new Set(now);
    }
    return [];
  }

  /**
   * Stops a process with SIGSTOP in the middle of a transaction of one of its stages, and leaves it stopped; null when that has
   * not succeeded in time.
   * @param pick answers the instance to be stopped
   */
  async stopInTransaction(
    stages: readonly string[],
    { pick, timeoutMs }: { pick: () => Instance; timeoutMs: number },
  ): Promise<Instance | null> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      const begun = await this.begun(stages, deadline - Date.now());
      const instance = pick();
      if (!instance.signal('SIGSTOP')) continue;
      if (await this.#stayOpen(stages, begun)) return instance;
      instance.signal('SIGCONT');
    }
    return null;
  }

  /** Whether one of the transactions is still open after others would long have been committed. */
  async #stayOpen(stages: readonly string[], ids: readonly string[]): Promise<boolean> {
    if (ids.length === 0) return false;
    for (let look = 0; look < LOOKS; look += 1) {
      const now = await this.ongoing(stages);
      if (!ids.some((id) => now.includes(id))) return false;
      await delay(BETWEEN_LOOKS_MS);
    }
    return true;
  }
}
