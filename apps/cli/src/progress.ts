import { SingleBar } from 'cli-progress';
import type { EventFile } from './adapters/event-file.ts';
import type { ReplaySummary } from './domain/replay-tally.ts';
import type { Terminal } from './terminal.ts';

export interface Progress {
  update: (summary: ReplaySummary) => void;
  /** A line between, without breaking the bar. */
  say: (line: string) => void;
  stop: () => void;
}

/** A bar by bytes of the file, on a screen only. */
export function createProgress(terminal: Terminal, file: Pick<EventFile, 'bytes' | 'bytesRead'>): Progress {
  if (!terminal.isInteractive) {
    return { update: () => undefined, say: terminal.note, stop: () => undefined };
  }
  const startedMs = performance.now();
  const bar = new SingleBar({
    format: '{bar} {percentage}%  {accepted} accepted, {refused} refused, {rate} events/s',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  bar.start(file.bytes, 0, { accepted: 0, refused: 0, rate: 0 });
  return {
    update: ({ sent, accepted, refused }) => {
      const rate = Math.round(sent / ((performance.now() - startedMs) / 1_000));
      bar.update(Math.min(file.bytesRead(), file.bytes), { accepted, refused, rate });
    },
    say: (line) => terminal.note(`\n${line}`),
    stop: () => bar.stop(),
  };
}
