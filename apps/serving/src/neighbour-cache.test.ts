import { describe, expect, it } from '@jest/globals';
import { createNeighbourCache } from './neighbour-cache.ts';

function setUp() {
  const state = { nowMs: 10_000, asked: [] as string[][] };
  const cache = createNeighbourCache({
    now: () => state.nowMs,
    features: {
      neighbours: async (namespace, itemIds) => {
        state.asked.push([namespace, ...itemIds]);
        return new Map(itemIds.map((itemId) => [itemId, [{ itemId: `${itemId}-next`, score: 1 }]]));
      },
    },
  });
  return { cache, state };
}

describe('the neighbour lists in memory', () => {
  it('are read again after two seconds, and only those that are missing', async () => {
    const { cache, state } = setUp();
    await cache.neighbours('default', ['a', 'b']);
    state.nowMs += 1_999;
    const lists = await cache.neighbours('default', ['b', 'c']);
    expect([...lists.keys()].sort()).toEqual(['b', 'c']);
    state.nowMs += 1;
    await cache.neighbours('default', ['a', 'c']);
    expect(state.asked).toEqual([
      ['default', 'a', 'b'],
      ['default', 'c'],
      ['default', 'a'],
    ]);
  });

  it('are each tenant’s own', async () => {
    const { cache, state } = setUp();
    await cache.neighbours('one', ['a']);
    await cache.neighbours('two', ['a']);
    expect(state.asked).toHaveLength(2);
  });
});
