import type { StagePartial } from '@shopstream/contracts';
import { END_OF_INPUT_MS, type Horizon } from './watermark.ts';

/** Watermark of a source that has closed nothing yet. */
const NOTHING_CLOSED_MS = Number.MIN_SAFE_INTEGER;

interface Source {
  /** Null while the source has said nothing but that it is empty. */
  watermarkMs: number | null;
  revision: number;
}

interface Saved extends Horizon {
  sources: [number, Source][];
}

/**
 * How far all input partitions of a first step have closed windows. Nothing is closed until each of them was heard of. One that
 * never had a record holds nothing back that ends after it said so, and everything before: a history that is being replayed may
 * reach it at any time, and its share must not find the window closed.
 */
export class SourceWatermarks {
  readonly #expected: number;
  readonly #sources = new Map<number, Source>();
  #horizon: Horizon = {
    liveFromMs: NOTHING_CLOSED_MS,
    liveMs: NOTHING_CLOSED_MS,
    historyMs: NOTHING_CLOSED_MS,
  };

  constructor(expected: number) {
    this.#expected = expected;
  }

  /** What is closed stays closed. */
  get horizon(): Horizon {
    return this.#horizon;
  }

  /** Of live windows; null when none was ever closed. */
  get watermarkMs(): number | null {
    return this.#horizon.liveMs === NOTHING_CLOSED_MS ? null : this.#horizon.liveMs;
  }

  get haveAllEnded(): boolean {
    return this.#horizon.historyMs >= END_OF_INPUT_MS;
  }

  /** A share makes its source take part from then on: until it announces a watermark of its own it holds windows back. */
  hear({ source_partition, revision, idle, watermark }: StagePartial): void {
    const known = this.#sources.get(source_partition);
    if (known !== undefined && revision < known.revision) return;
    const watermarkMs = idle ? null : (watermark ?? known?.watermarkMs ?? NOTHING_CLOSED_MS);
    this.#sources.set(source_partition, { watermarkMs, revision });
    if (known !== undefined && known.watermarkMs === watermarkMs) return;
    // Only the first word of being empty counts: a later one could reopen what has been closed.
    const emptyAtMs = idle && known === undefined ? watermark : null;
    this.#advance(Math.max(this.#horizon.liveFromMs, emptyAtMs ?? NOTHING_CLOSED_MS));
  }

  #advance(liveFromMs: number): void {
    const { liveMs, historyMs } = this.#horizon;
    const spoken = [...this.#sources.values()].flatMap(({ watermarkMs }) => watermarkMs ?? []);
    const isComplete = this.#sources.size === this.#expected && spoken.length > 0;
    const leastMs = isComplete ? Math.min(...spoken) : NOTHING_CLOSED_MS;
    const haveAllSpoken = spoken.length === this.#expected;
    this.#horizon = {
      liveFromMs,
      liveMs: Math.max(liveMs, leastMs),
      historyMs: haveAllSpoken ? Math.max(historyMs, leastMs) : historyMs,
    };
  }

  toJSON(): Saved {
    return { ...this.#horizon, sources: [...this.#sources] };
  }

  restore({ sources, ...horizon }: Saved): void {
    this.#horizon = horizon;
    for (const [partition, source] of sources) this.#sources.set(partition, source);
  }
}
