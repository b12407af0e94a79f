import { describe, expect, it } from '@jest/globals';
import { type Position, isSettled } from './standing.ts';

const at = (columns: Partial<Position>): Position => ({
  group: 'enrichment',
  topic: 'ecom.events-clean.v1',
  partition: 0,
  committed: 10n,
  low: 0n,
  high: 10n,
  ...columns,
});

describe('a platform', () => {
  it('is settled when all is read and no log has grown between two looks', () => {
    expect(isSettled([at({})], [at({})])).toBe(true);
    expect(isSettled(null, [at({})])).toBe(false);
    expect(isSettled([at({ high: 9n })], [at({})])).toBe(false);
  });

  it('is not settled while a group is behind, or has not committed anything of a log with rows', () => {
    expect(isSettled([at({ committed: 9n })], [at({ committed: 9n })])).toBe(false);
    expect(isSettled([at({ committed: null })], [at({ committed: null })])).toBe(false);
    expect(isSettled([at({ committed: null, low: 10n })], [at({ committed: null, low: 10n })])).toBe(true);
  });
});
