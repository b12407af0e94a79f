// What commands see of the process: where text goes, and when to stop.
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface Terminal {
  /** One line of result. Waits while the reader is slow; after the reader has gone (`| head`) it does nothing. */
  print(line: string): Promise<void>;
  /** One line beside the result: progress, errors. */
  note(line: string): void;
  /** Puts a block in the place of the one before, or below it where that is not possible. */
  redraw(block: string): Promise<void>;
  /** Aborted by Ctrl-C, by SIGTERM and when nobody reads the output any more. */
  signal: AbortSignal;
  /** Whether somebody looks at notes on a screen: progress bars are for them. */
  isInteractive: boolean;
  /** Whether somebody is there to answer. */
  canAsk: boolean;
  /** Asks that somebody. */
  confirm(question: string): Promise<boolean>;
  /** Waits; ends early when the signal does. */
  wait(durationMs: number): Promise<void>;
}

const CLEAR_SCREEN = '\u001b[H\u001b[2J';

export function createTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort();
  });

  async function print(line: string): Promise<void> {
    if (stdout.destroyed || stdout.writableEnded || stdout.errored) return;
    if (stdout.write(`${line}\n`)) return;
    // Whichever comes first ends the other's listening: a long output to a slow reader would pile up listeners.
    const settled = new AbortController();
    const { signal } = settled;
    await Promise.race([once(stdout, 'drain', { signal }), once(stop.signal, 'abort', { signal })])
      .catch(() => undefined)
      .finally(() => settled.abort());
  }

  async function confirm(question: string): Promise<boolean> {
    const asking = createInterface({ input: stdin, output: stderr });
    try {
      return /^y(es)?$/i.test(await asking.question(`${question} [y/N] `, { signal: stop.signal }));
    } catch {
      return false;
    } finally {
      asking.close();
    }
  }

  return {
    print,
    canAsk: stdin.isTTY,
    confirm,
    note: (line) => void stderr.write(`${line}\n`),
    redraw: (block) => print(stdout.isTTY ? `${CLEAR_SCREEN}${block}` : `${block}\n`),
    signal: stop.signal,
    isInteractive: stderr.isTTY,
    wait: (durationMs) => delay(durationMs, undefined, { signal: stop.signal }).catch(() => undefined),
  };
}
