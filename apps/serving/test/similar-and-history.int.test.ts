import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cassandraTables,
  historyResponseSchema,
  itemKeys,
  monthOf,
  similarItemsResponseSchema,
} from '@shopstream/contracts';
import { eventually } from '@shopstream/testkit';
import { putItem, servingStack } from './fixtures/serving-stack.ts';

let stack: Awaited<ReturnType<typeof servingStack>>;

beforeAll(async () => {
  stack = await servingStack();
});

afterAll(async () => {
  await stack.stop();
});

describe('GET /v1/items/{item_id}/similar', () => {
  it('gives neighbours first, then the same category and brand, in the documented shape', async () => {
    const { pool } = stack.database;
    await putItem(pool, { item_id: 'cap', category: 'Hats', brand: 'Zeta' });
    await putItem(pool, { item_id: 'loafers', brand: 'Zeta' });
    await putItem(pool, { item_id: 'sandals' });
    await putItem(pool, { item_id: 'sold-out', available: false });
    await putItem(pool, { item_id: 'boots' });
    const now = Date.now();
    await stack.redis.client.zadd(itemKeys('default', 'boots').neighbours, now, 'cap', now, 'sold-out');
    await eventually(async () => expect((await stack.get('/v1/items/boots/similar')).status).toBe(200));

    const { status, body } = await stack.get('/v1/items/boots/similar?limit=3');
    expect(status).toBe(200);
    expect(similarItemsResponseSchema.parse(body)).toEqual(body);
    expect(body).toEqual({
      source_item: { item_id: 'boots', title: 'The boots' },
      similar_items: [
        {
          item_id: 'cap',
          similarity_score: 1,
          metadata: expect.objectContaining({ title: 'The cap', category: 'Hats' }),
          similarity_reason: 'Often viewed together',
        },
        expect.objectContaining({ item_id: 'sandals', similarity_reason: 'Same category, same brand' }),
        expect.objectContaining({ item_id: 'loafers', similarity_reason: 'Same category' }),
      ],
      request_id: expect.stringMatching(/^req_/),
    });
    expect((await stack.get('/v1/items/boots/similar?limit=1')).body.similar_items).toHaveLength(1);
  });

  it('knows the items of the own tenant only', async () => {
    expect((await stack.get('/v1/items/boots/similar', { 'X-Namespace': 'other' })).status).toBe(404);
  });
});

describe('GET /v1/users/{user_id}/history', () => {
  const january = Date.UTC(2026, 0, 31, 23, 59, 59, 999);
  const march = Date.UTC(2026, 2, 1);

  async function write(userId: string, eventId: string, atMs: number, itemId = 'boots'): Promise<void> {
    const { client } = stack.keyspace;
    const month = monthOf(atMs);
    await client.execute(
      `INSERT INTO ${cassandraTables.interactions}
       (namespace, user_id, month, event_time, item_id, event_id, action_type, context, session_id)
       VALUES ('default', ?, ?, ?, ?, ?, 'click', ?, 's-1')`,
      [userId, month, new Date(atMs), itemId, eventId, eventId === 'e-1' ? { surface: 'home' } : undefined],
    );
    await client.execute(
      `INSERT INTO ${cassandraTables.userBuckets} (namespace, user_id, month) VALUES ('default', ?, ?)`,
      [userId, month],
    );
  }

  async function page(userId: string, query: string) {
    const { status, body } = await stack.get(`/v1/users/${userId}/history?${query}`);
    expect(status).toBe(200);
    const { interactions, next_before: next } = historyResponseSchema.parse(body);
    return { ids: interactions.map(({ event_id: id }) => id), next };
  }

  it('is empty for somebody unknown', async () => {
    expect((await stack.get('/v1/users/nobody/history')).body).toEqual({
      user_id: 'nobody',
      interactions: [],
      request_id: expect.any(String),
    });
  });

  it('gives what a user did, newest first, in the documented shape', async () => {
    await write('u-1', 'e-1', january);
    await write('u-1', 'e-2', march, '');
    const { body } = await stack.get('/v1/users/u-1/history');
    expect(body).toEqual({
      user_id: 'u-1',
      interactions: [
        {
          event_id: 'e-2',
          item_id: null,
          action: 'click',
          timestamp: '2026-03-01T00:00:00.000Z',
          session_id: 's-1',
          context: {},
        },
        {
          event_id: 'e-1',
          item_id: 'boots',
          action: 'click',
          timestamp: '2026-01-31T23:59:59.999Z',
          session_id: 's-1',
          context: { surface: 'home' },
        },
      ],
      request_id: expect.any(String),
    });
    expect((await page('u-1', 'before=2026-03-01T00:00:00Z')).ids).toEqual(['e-1']);
    expect((await page('u-1', 'before=2026-01-31T23:59:59.999Z')).ids).toEqual([]);
  });

  it.each([1, 2, 3, 7])('pages by %i through months and equal times without gap or double', async (limit) => {
    const userId = `paged-${limit}`;
    const expected: string[] = [];
    for (const at of [march + 1, march, january]) {
      for (const itemId of ['a', 'b']) {
        for (const event of ['1', '2']) {
          const eventId = `${at}-${itemId}-${event}`;
          await write(userId, eventId, at, itemId);
          expected.push(eventId);
        }
      }
    }
    const seen: string[] = [];
    let query = `limit=${limit}`;
    for (;;) {
      const { ids, next } = await page(userId, query);
      seen.push(...ids);
      if (next === undefined) break;
      query = `limit=${limit}&before=${next}`;
    }
    expect(seen).toEqual(expected);
  });
});
