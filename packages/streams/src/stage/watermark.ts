/** How far apart append time and event time may lie for a partition to count as live rather than as replayed history. */
const LIVE_SKEW_MS = 3_600_000;

/** Watermark of an input that has ended: the last instant that a date can be, so that people can read it. */
export const END_OF_INPUT_MS = 8_640_000_000_000_000;

export type WatermarkState = { valueMs: number; skewMs: number } | null;

/**
 * Event time of one partition, advanced by its records alone: the greatest event time seen minus the allowed out-of-orderness.
 *
 * A partition without input advances by the wall clock once idle, provided that its newest event was appended about when it
 * happened; a replayed history is not pushed on by a clock that it has nothing to do with, and a straggler in live traffic does
 * not make history of it.
 */
export class Watermark {
  readonly #outOfOrdernessMs: number;
  #valueMs = Number.NEGATIVE_INFINITY;
  #lastSkewMs = Number.POSITIVE_INFINITY;

  constructor(outOfOrdernessMs: number) {
    this.#outOfOrdernessMs = outOfOrdernessMs;
  }

  get valueMs(): number {
    return this.#valueMs;
  }

  /** True once a record was seen. */
  get isSet(): boolean {
    return this.#valueMs !== Number.NEGATIVE_INFINITY;
  }

  observe(eventTimeMs: number, appendTimeMs: number): void {
    this.#valueMs = Math.max(this.#valueMs, eventTimeMs - this.#outOfOrdernessMs);
    this.#lastSkewMs = Math.abs(appendTimeMs - (this.#valueMs + this.#outOfOrdernessMs));
  }

  /** Where the wall clock would put a partition that has been idle; the watermark itself where it must not move. */
  idleValueMs(nowMs: number): number {
    if (!this.isSet || this.#lastSkewMs > LIVE_SKEW_MS) return this.#valueMs;
    return Math.max(this.#valueMs, nowMs - this.#outOfOrdernessMs);
  }

  advanceTo(valueMs: number): void {
    this.#valueMs = Math.max(this.#valueMs, valueMs);
  }

  toJSON(): WatermarkState {
    return this.isSet
      ? { valueMs: this.#valueMs, skewMs: Math.min(this.#lastSkewMs, Number.MAX_SAFE_INTEGER) }
      : null;
  }

  restore(json: WatermarkState): void {
    this.#valueMs = json?.valueMs ?? Number.NEGATIVE_INFINITY;
    this.#lastSkewMs = json?.skewMs ?? Number.POSITIVE_INFINITY;
  }
}

/** The tumbling window that an instant falls into, aligned to UTC. */
export function windowOf(timestampMs: number, sizeMs: number): { start: number; end: number } {
  const start = Math.floor(timestampMs / sizeMs) * sizeMs;
  return { start, end: start + sizeMs };
}

/**
 * Which windows are closed: those that end after `liveFromMs` by one watermark, those before by another, which sources without
 * any record hold back.
 */
export interface Horizon {
  liveFromMs: number;
  liveMs: number;
  historyMs: number;
}

/** The horizon of a single watermark. */
export const horizonAt = (watermarkMs: number): Horizon => ({
  liveFromMs: Number.NEGATIVE_INFINITY,
  liveMs: watermarkMs,
  historyMs: watermarkMs,
});

/** A window is closed, and a record for it late, when its last millisecond is not after the watermark. */
export function isClosed(window: { end: number }, { liveFromMs, liveMs, historyMs }: Horizon): boolean {
  return window.end - 1 <= (window.end > liveFromMs ? liveMs : historyMs);
}

/** End of the last window that a watermark closes. */
export function lastClosedEnd(watermarkMs: number, sizeMs: number): number {
  return Number.isFinite(watermarkMs)
    ? Math.floor((watermarkMs + 1) / sizeMs) * sizeMs
    : Number.NEGATIVE_INFINITY;
}
