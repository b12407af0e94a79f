import { describe, expect, it } from '@jest/globals';
import { createCatalog } from './catalog.ts';
import type { CatalogRow } from './catalog.ts';

function row(
  itemId: string,
  { metadata, ...columns }: Partial<Omit<CatalogRow, 'metadata'>> & { metadata?: object } = {},
): CatalogRow {
  return {
    namespace: 'default',
    itemId,
    version: 1,
    available: true,
    metadata: {
      title: itemId,
      category: 'Shoes',
      thumbnail_url: null,
      rating: null,
      price: 1,
      currency: 'EUR',
      brand: null,
      ...metadata,
    },
    ...columns,
  };
}

describe('the catalogue in memory', () => {
  it('never goes back to an earlier version, and takes a new rating of the same one', () => {
    const catalog = createCatalog({ maxItems: 10 });
    catalog.apply([row('a', { version: 2, metadata: { title: 'new' } })]);
    catalog.apply([row('a', { version: 1, metadata: { title: 'old' } })]);
    expect(catalog.in('default').get('a')?.title).toBe('new');
    catalog.apply([row('a', { version: 2, metadata: { title: 'new', rating: 4.5 } })]);
    expect(catalog.in('default').get('a')?.metadata.rating).toBe(4.5);
    expect(catalog.size()).toBe(1);
  });

  it('keeps tenants apart', () => {
    const catalog = createCatalog({ maxItems: 10 });
    catalog.apply([row('a'), row('b', { namespace: 'other' })]);
    expect(catalog.in('other').get('a')).toBeUndefined();
    expect(catalog.in('nobody').get('a')).toBeUndefined();
    expect([...catalog.in('default').items()].map(({ itemId }) => itemId)).toEqual(['a']);
  });

  it('moves an item with its category, whatever the case it is asked in', () => {
    const catalog = createCatalog({ maxItems: 10 });
    catalog.apply([row('a'), row('b')]);
    catalog.apply([row('a', { version: 2, metadata: { category: 'Hats' } })]);
    const items = (category: string) =>
      [...catalog.in('default').items(category)].map(({ itemId }) => itemId);
    expect([items('SHOES'), items('hats'), items('bags')]).toEqual([['b'], ['a'], []]);
    expect(catalog.in('default').categoryName('hATS')).toBe('Hats');
  });

  it('says that it is full, keeps what it has and goes on updating it', () => {
    const catalog = createCatalog({ maxItems: 1 });
    expect(catalog.apply([row('a'), row('b')])).toBe(false);
    expect(catalog.apply([row('a', { version: 2, available: false })])).toBe(true);
    expect(catalog.in('default').get('a')?.available).toBe(false);
    expect(catalog.in('default').get('b')).toBeUndefined();
  });

  it('lists the best rated of what is available', () => {
    const catalog = createCatalog({ maxItems: 100 });
    catalog.apply(
      Array.from({ length: 50 }, (_, index) =>
        row(`i${index}`, { available: index !== 49, metadata: { rating: index / 10 } }),
      ),
    );
    expect(catalog.in('default').bestRated(3)).toEqual([
      { itemId: 'i48', score: 5.8 },
      { itemId: 'i47', score: 5.7 },
      { itemId: 'i46', score: 5.6 },
    ]);
    expect(catalog.in('default').bestRated(3, 'Hats')).toEqual([]);
  });
});
