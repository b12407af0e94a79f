import { describe, expect, it } from '@jest/globals';
import { decayedWorth } from '@shopstream/contracts';
import { noonMs } from '@shopstream/testkit';
import { toDecayedScore } from './decay.ts';

const dayMs = 86_400_000;

describe('toDecayedScore', () => {
  it('is worth its weight at its time and half of it a half-life later', () => {
    const score = toDecayedScore(noonMs, 0.7, dayMs);
    expect(decayedWorth(score, noonMs, dayMs)).toBeCloseTo(0.7, 6);
    expect(decayedWorth(score, noonMs + dayMs, dayMs)).toBeCloseTo(0.35, 6);
  });

  it('neither overflows nor loses its order over decades', () => {
    const year = (count: number) => toDecayedScore(noonMs + count * 365 * dayMs, 0.05, dayMs);
    expect([year(0), year(40), year(80)].every(Number.isFinite)).toBe(true);
    expect(year(80) - year(40)).toBeCloseTo(40 * 365 * dayMs, 0);
  });
});
