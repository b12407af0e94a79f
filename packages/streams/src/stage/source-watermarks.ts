import type { StagePartial } from '@shopstream/contracts';

/** Watermark of a source that has sent shares and closed nothing yet. */
const NOTHING_CLOSED_MS = Number.MIN_SAFE_INTEGER;

interface Source {
  /** Null while the source has said nothing but that it is empty. */
  watermarkMs: number | null;
  revision: number;
}

/**
 * Least watermark of all input partitions of a first step. It stands still until each of them was heard of. One that never had
 * a record is waited for as well, until no source has woken up for `idleMs`: its first records may be on their way.
 */
export class SourceWatermarks {
  readonly #expected: number;
  readonly #idleMs: number;
  readonly #sources = new Map<number, Source>();
  #leastMs = NOTHING_CLOSED_MS;
  /** When a source last said its first word, as far as this owner knows. */
  #wokenAtMs: number | null = null;

  constructor(options: { expected: number; idleMs: number }) {
    this.#expected = options.expected;
    this.#idleMs = options.idleMs;
  }

  get valueMs(): number {
    return this.#leastMs;
  }

  get isSet(): boolean {
    return this.#leastMs !== NOTHING_CLOSED_MS;
  }

  /** A share makes its source take part from then on: until it announces a watermark of its own it holds windows back. */
  hear(partial: StagePartial, nowMs: number): void {
    const known = this.#sources.get(partial.source_partition);
    if (known !== undefined && partial.revision < known.revision) return;
    const silent = partial.idle ? null : (known?.watermarkMs ?? NOTHING_CLOSED_MS);
    const watermarkMs = partial.watermark ?? silent;
    if (watermarkMs !== null && (known?.watermarkMs ?? null) === null) this.#wokenAtMs = nowMs;
    this.#sources.set(partial.source_partition, { watermarkMs, revision: partial.revision });
    this.advance(nowMs);
  }

  /** Moves on as far as what was heard, and the time since, allow. */
  advance(nowMs: number): void {
    if (this.#sources.size < this.#expected) return;
    const spoken = [...this.#sources.values()].flatMap(({ watermarkMs }) => watermarkMs ?? []);
    this.#wokenAtMs ??= nowMs;
    const isWaiting = spoken.length < this.#sources.size && nowMs - this.#wokenAtMs < this.#idleMs;
    if (spoken.length > 0 && !isWaiting) this.#leastMs = Math.max(this.#leastMs, Math.min(...spoken));
  }

  toJSON(): { watermarkMs: number; sources: [number, Source][] } {
    return { watermarkMs: this.#leastMs, sources: [...this.#sources] };
  }

  restore(saved: { watermarkMs: number; sources: [number, Source][] }): void {
    this.#leastMs = saved.watermarkMs;
    for (const [partition, source] of saved.sources) this.#sources.set(partition, source);
  }
}
