import { describe, expect, it } from '@jest/globals';
import type { Sample } from './samples.ts';
import { judgeLag, judgeMemory } from './verdict.ts';

const samples = (memory: (minute: number) => number, lag: (minute: number) => number): Sample[] =>
  Array.from({ length: 241 }, (_, i) => ({
    minutes: i / 12,
    memory: new Map([['service', memory(i / 12)]]),
    lag: new Map([['stage', lag(i / 12)]]),
  }));

describe('the verdict of a soak', () => {
  it('takes memory that swings for flat, and does not judge the warm-up', () => {
    const swinging = samples(
      (minute) => Math.min(100, 60 + minute * 10) + 15 * Math.sin(minute * 7),
      () => 0,
    );
    expect(judgeMemory(swinging, 'service')).toMatchObject({ isFlat: true });
  });

  it('finds memory that grows by a hundredth of it a minute', () => {
    const growing = samples(
      (minute) => 100 + minute * 1.5,
      () => 0,
    );
    const { isFlat, slopeMbPerMinute } = judgeMemory(growing, 'service');
    expect(isFlat).toBe(false);
    expect(slopeMbPerMinute).toBeCloseTo(1.5);
  });

  it('says nothing good of a process that it never saw', () => {
    expect(judgeMemory([], 'service').isFlat).toBe(false);
  });

  it('bounds lag by what comes while a member is missing', () => {
    const now = samples(
      () => 100,
      (minute) => (minute % 1 < 0.5 ? 9_000 : 0),
    );
    expect(judgeLag(now, 'stage', 300)).toMatchObject({ isBounded: true, max: 9_000 });
    expect(judgeLag(now, 'stage', 50)).toMatchObject({ isBounded: false });
  });
});
