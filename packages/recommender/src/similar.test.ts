import { describe, expect, it } from '@jest/globals';
import { similarTo } from './similar.ts';
import type { RankableItem } from './types.ts';

function item(itemId: string, facts: Partial<RankableItem> = {}): RankableItem {
  return { itemId, title: itemId, category: 'Shoes', brand: 'Acme', available: true, ...facts };
}

const catalog = [
  item('boots'),
  item('sandals'),
  item('loafers', { brand: 'Zeta' }),
  item('slippers', { brand: 'Zeta' }),
  item('cap', { category: 'Hats' }),
  item('beret', { category: 'Hats', brand: 'Zeta' }),
  item('sold-out', { available: false }),
];
const itemOf = (id: string) => catalog.find(({ itemId }) => itemId === id);

function similar(limit: number, neighbours: { itemId: string; score: number }[] = []) {
  return similarTo({
    source: item('boots'),
    limit,
    neighbours,
    candidates: catalog,
    popularityOf: (id) => (id === 'slippers' ? 5 : 0),
    itemOf,
  });
}

describe('similarTo', () => {
  it('puts neighbours first, then category with brand, category, brand, the more popular first', () => {
    expect(similar(10, [{ itemId: 'beret', score: 0.4 }])).toEqual([
      { item: itemOf('beret'), score: 0.7, reason: 'Often viewed together' },
      { item: itemOf('sandals'), score: 0.5, reason: 'Same category, same brand' },
      { item: itemOf('slippers'), score: 0.3, reason: 'Same category' },
      { item: itemOf('loafers'), score: 0.3, reason: 'Same category' },
      { item: itemOf('cap'), score: 0.2, reason: 'Same brand' },
    ]);
  });

  it('leaves out the item itself, what is unavailable or unknown, and doubles', () => {
    const neighbours = ['boots', 'sold-out', 'nowhere', 'sandals', 'sandals'].map((itemId) => ({
      itemId,
      score: 1,
    }));
    expect(similar(10, neighbours).map((found) => found.item.itemId)).toEqual([
      'sandals',
      'slippers',
      'loafers',
      'cap',
    ]);
  });

  it.each([1, 2, 3])('gives no more than %i', (limit) => {
    const neighbours = [
      { itemId: 'cap', score: 0.2 },
      { itemId: 'beret', score: 0.9 },
    ];
    expect(similar(limit, neighbours)).toHaveLength(limit);
    expect(similar(limit, neighbours)[0]?.item.itemId).toBe('beret');
  });
});
