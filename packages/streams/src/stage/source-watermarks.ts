import type { StagePartial } from '@shopstream/contracts';

/** Watermark of a source that has sent shares and closed nothing yet. */
const NOTHING_CLOSED_MS = Number.MIN_SAFE_INTEGER;

interface Source {
  /** Null while the source has said nothing but that it is empty. */
  watermarkMs: number | null;
  revision: number;
}

/**
 * Least watermark of all input partitions of a first step. It stands still until each of them was heard of; those that never
 * had a record hold nothing back.
 */
export class SourceWatermarks {
  readonly #expected: number;
  readonly #sources = new Map<number, Source>();
  #leastMs = NOTHING_CLOSED_MS;

  constructor(expected: number) {
    this.#expected = expected;
  }

  get valueMs(): number {
    return this.#leastMs;
  }

  get isSet(): boolean {
    return this.#leastMs !== NOTHING_CLOSED_MS;
  }

  /** A share makes its source take part from then on: until it announces a watermark of its own it holds windows back. */
  hear(partial: StagePartial): void {
    const known = this.#sources.get(partial.source_partition);
    if (known !== undefined && partial.revision < known.revision) return;
    const silent = partial.idle ? null : (known?.watermarkMs ?? NOTHING_CLOSED_MS);
    this.#sources.set(partial.source_partition, {
      watermarkMs: partial.watermark ?? silent,
      revision: partial.revision,
    });
    if (this.#sources.size < this.#expected) return;
    const spoken = [...this.#sources.values()].flatMap(({ watermarkMs }) => watermarkMs ?? []);
    if (spoken.length > 0) this.#leastMs = Math.max(this.#leastMs, Math.min(...spoken));
  }

  toJSON(): { watermarkMs: number; sources: [number, Source][] } {
    return { watermarkMs: this.#leastMs, sources: [...this.#sources] };
  }

  restore(saved: { watermarkMs: number; sources: [number, Source][] }): void {
    this.#leastMs = saved.watermarkMs;
    for (const [partition, source] of saved.sources) this.#sources.set(partition, source);
  }
}
