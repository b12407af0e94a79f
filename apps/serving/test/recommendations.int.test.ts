import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  categoryKeys,
  itemKeys,
  recentMember,
  recommendationsResponseSchema,
  sessionKeys,
  userKeys,
} from '@shopstream/contracts';
import type { EventType } from '@shopstream/contracts';
import { eventually } from '@shopstream/testkit';
import { putItem, servingStack } from './fixtures/serving-stack.ts';

let stack: Awaited<ReturnType<typeof servingStack>>;
const hourMs = 3_600_000;

beforeAll(async () => {
  stack = await servingStack();
  const { pool } = stack.database;
  for (const id of ['boots', 'sandals', 'loafers']) await putItem(pool, { item_id: id });
  await putItem(pool, { item_id: 'cap', category: 'Hats', brand: 'Zeta', avg_rating: '4.80' });
  await putItem(pool, { item_id: 'beret', category: 'Hats', brand: 'Zeta', price: null });
  await putItem(pool, { item_id: 'sold-out', available: false });
  await putItem(pool, { item_id: 'archived', is_active: false });
  await putItem(pool, { item_id: 'tote', namespace: 'other', category: 'Bags' });
  const { client } = stack.redis;
  const now = Date.now();
  await client.zadd(categoryKeys('default').trending, now, 'loafers', now + hourMs, 'sold-out');
  await client.zadd(categoryKeys('default').popular, now, 'boots', now - hourMs, 'archived');
  await client.zadd(itemKeys('default', 'boots').neighbours, now, 'sandals', now - 24 * hourMs, 'cap');
  await eventually(async () => expect(await ids('u-0')).toHaveLength(5));
});

afterAll(async () => {
  const exit = await stack.stop();
  expect(exit).toEqual({ code: 0, signal: null });
});

async function ids(userId: string, query = '', headers: Record<string, string> = {}): Promise<string[]> {
  const { body } = await stack.get(`/v1/recommendations?user_id=${userId}${query}`, headers);
  return body.recommendations.map((item: { item_id: string }) => item.item_id);
}

async function did(key: string, eventType: EventType, productId: string): Promise<void> {
  await stack.redis.client.zadd(key, Date.now(), recentMember({ eventType, productId }));
}

describe('GET /v1/recommendations', () => {
  it('answers in the documented shape', async () => {
    await did(sessionKeys('default', 's-1').recent, 'page_view', 'boots');
    const { status, headers, body } = await stack.get(
      '/v1/recommendations?user_id=u-1&context=homepage&limit=2',
      {
        'X-Session-Id': 's-1',
        'X-Device-Type': 'mobile',
        'X-Request-Id': 'req_of-the-test',
      },
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('x-degraded')).toBeNull();
    expect(recommendationsResponseSchema.parse(body)).toEqual(body);
    expect(body).toEqual({
      recommendations: [
        {
          item_id: 'sandals',
          score: expect.any(Number),
          rank: 1,
          metadata: {
            title: 'The sandals',
            category: 'Shoes',
            thumbnail_url: 'https://cdn.example.com/sandals.jpg',
            rating: null,
            price: 12.5,
            currency: 'EUR',
            brand: 'Acme',
          },
          explanation: {
            type: 'collaborative',
            reason: 'Because you viewed The boots',
            similar_items: ['boots'],
          },
        },
        expect.objectContaining({
          item_id: 'cap',
          rank: 2,
          metadata: expect.objectContaining({ rating: 4.8 }),
        }),
      ],
      request_id: 'req_of-the-test',
      model_version: expect.stringMatching(/^covisitation-\d+\.\d+\.\d+$/),
      generated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('gives a stranger what is trending, then what is popular, then the rest, and nothing that cannot be bought', async () => {
    expect(await ids('stranger')).toEqual(['loafers', 'boots', 'cap', 'beret', 'sandals']);
  });

  it('follows the shopper from one request to the next', async () => {
    expect(await ids('u-2')).toEqual(await ids('stranger'));
    await did(userKeys('default', 'u-2').recent, 'add_to_cart', 'boots');
    expect((await ids('u-2')).slice(0, 2)).toEqual(['sandals', 'cap']);
  });

  it('never gives what was bought, however long ago', async () => {
    await stack.redis.client.zadd(userKeys('default', 'u-3').purchased, 1, 'boots');
    expect(await ids('u-3')).toEqual(['loafers', 'cap', 'beret', 'sandals']);
  });

  it('gives what is popular in the categories of earlier days', async () => {
    await stack.redis.client.hset(userKeys('default', 'u-4').categoryViews, 'Hats', '3');
    await stack.redis.client.zadd(categoryKeys('default', 'Hats').trending, 1, 'beret');
    const { body } = await stack.get('/v1/recommendations?user_id=u-4&limit=1');
    expect(body.recommendations[0]).toMatchObject({
      item_id: 'beret',
      metadata: { price: null },
      explanation: {
        type: 'content_based',
        reason: 'Popular in Hats',
        matching_attributes: ['category'],
      },
    });
  });

  it.each([
    ['&category=Hats', ['beret', 'cap']],
    ['&category=hATS', ['beret', 'cap']],
    ['&category=Nothing', []],
    ['&category=all&limit=1', ['loafers']],
    ['&exclude=loafers,boots&exclude=cap', ['beret', 'sandals']],
    ['&exclude=', ['loafers', 'boots', 'cap', 'beret', 'sandals']],
    ['&exclude=unknown&limit=1', ['loafers']],
    ['&limit=3', ['loafers', 'boots', 'cap']],
    ['&utm_source=mail&limit=1', ['loafers']],
  ])('with %s gives %j', async (query, expected) => {
    expect((await ids('stranger', query)).sort()).toEqual([...expected].sort());
  });

  it('keeps tenants apart', async () => {
    expect(await ids('stranger', '', { 'X-Namespace': 'other' })).toEqual(['tote']);
    expect(await ids('stranger', '', { 'X-Namespace': 'nobody' })).toEqual([]);
  });

  it('shows a change of the catalogue at once', async () => {
    const { pool } = stack.database;
    await putItem(pool, { item_id: 'new', namespace: 'moving' });
    const moving = { 'X-Namespace': 'moving' };
    await eventually(async () => expect(await ids('u', '', moving)).toEqual(['new']));
    await putItem(pool, { item_id: 'new', namespace: 'moving', available: false, version: 2 });
    await eventually(async () => expect(await ids('u', '', moving)).toEqual([]));
  });

  it('refuses other methods', async () => {
    const response = await fetch(`${stack.service.url}/v1/recommendations?user_id=u`, { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
  });
});
