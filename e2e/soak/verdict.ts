// When memory is flat and lag is bounded.
import type { Sample } from './samples.ts';

/** The first third of a run warms up and is not judged. */
const WARM_UP_SHARE = 1 / 3;
/** How much the fitted line may rise over the judged part, as a share of its mean. */
const MAX_GROWTH = 0.15;
/** A killed member's session ends after 30 s and its backlog takes a while: what comes in this time may be waiting. */
const MAX_LAG_SECONDS = 120;

export interface MemoryVerdict {
  process: string;
  meanMb: number;
  maxMb: number;
  slopeMbPerMinute: number;
  /** By the fitted line, over the judged part. */
  growth: number;
  isFlat: boolean;
}

export interface LagVerdict {
  stage: string;
  median: number;
  p95: number;
  max: number;
  isBounded: boolean;
}

export const bounds = { growth: MAX_GROWTH, lagSeconds: MAX_LAG_SECONDS };

export function judgeMemory(samples: readonly Sample[], process: string): MemoryVerdict {
  const end = samples.at(-1)?.minutes ?? 0;
  const points = samples
    .filter(({ minutes }) => minutes >= end * WARM_UP_SHARE)
    .flatMap(({ minutes, memory }) => {
      const mb = memory.get(process);
      return mb === undefined ? [] : [{ x: minutes, y: mb }];
    });
  const { slope, mean } = fit(points);
  const growth = mean === 0 ? 0 : (slope * end * (1 - WARM_UP_SHARE)) / mean;
  return {
    process,
    meanMb: mean,
    maxMb: Math.max(0, ...points.map(({ y }) => y)),
    slopeMbPerMinute: slope,
    growth,
    isFlat: points.length > 0 && growth <= MAX_GROWTH,
  };
}

/** Least squares. */
function fit(points: readonly { x: number; y: number }[]): { slope: number; mean: number } {
  const meanOf = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = meanOf(points.map((point) => point.x));
  const y = meanOf(points.map((point) => point.y));
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const common = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return { slope: spread === 0 ? 0 : common / spread, mean: y };
}

export function judgeLag(samples: readonly Sample[], stage: string, rate: number): LagVerdict {
  const lags = samples.flatMap(({ lag }) => lag.get(stage) ?? []).sort((a, b) => a - b);
  const at = (share: number): number => lags[Math.min(lags.length - 1, Math.floor(lags.length * share))] ?? 0;
  const max = lags.at(-1) ?? 0;
  return { stage, median: at(0.5), p95: at(0.95), max, isBounded: max <= rate * MAX_LAG_SECONDS };
}
