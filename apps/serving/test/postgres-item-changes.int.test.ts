import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresItemChanges } from '../src/adapters/postgres-item-changes.ts';
import type { CatalogRow } from '../src/domain/catalog.ts';
import { catalogDatabase, putItem } from './fixtures/serving-stack.ts';

let database: Awaited<ReturnType<typeof catalogDatabase>>;

beforeAll(async () => {
  database = await catalogDatabase();
});

afterAll(async () => {
  await database.drop();
});

async function read(since?: string) {
  const rows: CatalogRow[] = [];
  const next = await createPostgresItemChanges(database.pool).read(since, (page) => rows.push(...page));
  return { next, rows, ids: rows.map(({ itemId }) => itemId).sort() };
}

describe('changes of the items table', () => {
  it('are all rows at first, with the columns as they are shown', async () => {
    await putItem(database.pool, { item_id: 'a', avg_rating: '4.25', price: '9.90' });
    await putItem(database.pool, { item_id: 'b', category: null, price: null, is_active: false });
    const { rows } = await read();
    expect(rows).toEqual([
      {
        namespace: 'default',
        itemId: 'a',
        version: 1,
        available: true,
        metadata: {
          title: 'The a',
          category: 'Shoes',
          thumbnail_url: 'https://cdn.example.com/a.jpg',
          rating: 4.25,
          price: 9.9,
          currency: 'EUR',
          brand: 'Acme',
        },
      },
      expect.objectContaining({
        itemId: 'b',
        available: false,
        metadata: expect.objectContaining({ category: null, price: null }),
      }),
    ]);
  });

  it('contain a row that was committed after rows of later transactions had been read', async () => {
    const { next } = await read();
    const slow = await database.pool.connect();
    try {
      await slow.query('begin');
      await putItem(slow, { item_id: 'slow' });
      await putItem(database.pool, { item_id: 'quick' });
      const between = await read(next);
      expect(between.ids).toContain('quick');
      expect(between.ids).not.toContain('slow');
      await slow.query('commit');
      expect((await read(between.next)).ids).toContain('slow');
    } finally {
      slow.release();
    }
  });

  it('come page by page without gap or double', async () => {
    await database.pool.query(
      `insert into items (namespace, item_id, title, version)
       select 'pages', 'i' || n, 'Item', 1 from generate_series(1, 10001) n`,
    );
    const ids = (await read()).rows
      .filter(({ namespace }) => namespace === 'pages')
      .map(({ itemId }) => itemId);
    expect(ids).toHaveLength(10_001);
    expect(new Set(ids).size).toBe(10_001);
  });
});
