// A test of the tests: whoever cannot look must say so, as silence would read as health.
import type { Verdict } from '@shopstream/data-tests';

export const SIGHT = { test: 'quality/sight', topic: 'ecom.quality-results.v1' } as const;

const WARN_AFTER_MS = 30_000;
const ERROR_AFTER_MS = 120_000;

/** @param intervalMs between two looks: one that is still due is not missing */
export function judgeSight(lastLookMs: number, nowMs: number, intervalMs: number): Verdict {
  const blindMs = Math.max(0, nowMs - lastLookMs - intervalMs);
  const seconds = Math.round(blindMs / 1_000);
  const outcome = blindMs > ERROR_AFTER_MS ? 'error' : blindMs > WARN_AFTER_MS ? 'warn' : 'pass';
  const detail = outcome === 'pass' ? 'the tests run' : `nothing could be tested for ${seconds} s`;
  return { outcome, value: seconds, detail, rowsChecked: 0 };
}
