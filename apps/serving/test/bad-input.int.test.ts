import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { servingStack } from './fixtures/serving-stack.ts';

type Refusal = [
  what: string,
  path: string,
  headers: Record<string, string>,
  code: string,
  field: string,
  reason: string,
];

let stack: Awaited<ReturnType<typeof servingStack>>;

beforeAll(async () => {
  stack = await servingStack();
});

afterAll(async () => {
  await stack.stop();
});

async function expectRefusal(path: string, refusal: Refusal): Promise<void> {
  const [, , headers, code, field, reason] = refusal;
  const { status, body } = await stack.get(path, headers);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: {
      code,
      message: expect.any(String),
      details: { field, reason },
      request_id: expect.stringMatching(/^req_/),
    },
  });
}

describe('GET /v1/recommendations', () => {
  const tooMany = Array.from({ length: 201 }, (_, index) => `i${index}`).join(',');
  const ok = 'user_id=u';
  it.each<Refusal>([
    ['no user', 'limit=5', {}, 'INVALID_USER_ID', 'user_id', 'is required'],
    ['an empty user', 'user_id=', {}, 'INVALID_USER_ID', 'user_id', 'must not be empty'],
    [
      'an overlong user',
      `user_id=${'u'.repeat(51)}`,
      {},
      'INVALID_USER_ID',
      'user_id',
      'must have at most 50 characters',
    ],
    [
      'a blank in the user',
      'user_id=a%20b',
      {},
      'INVALID_USER_ID',
      'user_id',
      'must hold visible characters only',
    ],
    [
      'a NUL in the user',
      'user_id=a%00b',
      {},
      'INVALID_USER_ID',
      'user_id',
      'must hold visible characters only',
    ],
    ['two users', 'user_id=a&user_id=b', {}, 'INVALID_USER_ID', 'user_id', 'must be given once'],
    [
      'an unknown context',
      `${ok}&context=footer`,
      {},
      'INVALID_INPUT',
      'context',
      'must be one of homepage, pdp, cart, orders, category, search',
    ],
    ['a limit of 0', `${ok}&limit=0`, {}, 'INVALID_INPUT', 'limit', 'must be at least 1'],
    ['a limit of 101', `${ok}&limit=101`, {}, 'INVALID_INPUT', 'limit', 'must be at most 100'],
    ['a negative limit', `${ok}&limit=-1`, {}, 'INVALID_INPUT', 'limit', 'must be a whole number'],
    ['half a limit', `${ok}&limit=1.5`, {}, 'INVALID_INPUT', 'limit', 'must be a whole number'],
    ['a limit in words', `${ok}&limit=ten`, {}, 'INVALID_INPUT', 'limit', 'must be a whole number'],
    [
      'an endless limit',
      `${ok}&limit=${'9'.repeat(400)}`,
      {},
      'INVALID_INPUT',
      'limit',
      'must be a whole number',
    ],
    ['two limits', `${ok}&limit=1&limit=2`, {}, 'INVALID_INPUT', 'limit', 'must be given once'],
    ['two categories', `${ok}&category=a&category=b`, {}, 'INVALID_INPUT', 'category', 'must be given once'],
    [
      'an overlong category',
      `${ok}&category=${'c'.repeat(101)}`,
      {},
      'INVALID_INPUT',
      'category',
      'must have at most 100 characters',
    ],
    [
      '201 exclusions',
      `${ok}&exclude=${tooMany}`,
      {},
      'INVALID_INPUT',
      'exclude',
      'must name at most 200 items',
    ],
    [
      'an overlong exclusion',
      `${ok}&exclude=a,${'x'.repeat(51)}`,
      {},
      'INVALID_INPUT',
      'exclude[1]',
      'must have at most 50 characters',
    ],
    [
      'a bad session',
      ok,
      { 'X-Session-Id': 's'.repeat(51) },
      'INVALID_INPUT',
      'x-session-id',
      'must have at most 50 characters',
    ],
    [
      'an unknown device',
      ok,
      { 'X-Device-Type': 'fridge' },
      'INVALID_INPUT',
      'x-device-type',
      'must be one of desktop, mobile, tablet',
    ],
    [
      'a bad tenant',
      ok,
      { 'X-Namespace': 'A:b' },
      'INVALID_INPUT',
      'x-namespace',
      'must be 1 to 32 characters of a-z, 0-9 and hyphen',
    ],
  ])('refuses %s with the field and the reason', async (...refusal) => {
    await expectRefusal(`/v1/recommendations?${refusal[1]}`, refusal);
  });
});

describe('the other reads', () => {
  const long = 'x'.repeat(51);
  const before = 'must be an ISO 8601 time with offset, or a next_before';
  it.each<Refusal>([
    [
      'an overlong item',
      `/v1/items/${long}/similar`,
      {},
      'INVALID_INPUT',
      'item_id',
      'must have at most 50 characters',
    ],
    [
      'a blank in the item',
      '/v1/items/a%20b/similar',
      {},
      'INVALID_INPUT',
      'item_id',
      'must hold visible characters only',
    ],
    ['a limit of 0', '/v1/items/a/similar?limit=0', {}, 'INVALID_INPUT', 'limit', 'must be at least 1'],
    [
      'a bad tenant',
      '/v1/items/a/similar',
      { 'X-Namespace': '-_-' },
      'INVALID_INPUT',
      'x-namespace',
      'must be 1 to 32 characters of a-z, 0-9 and hyphen',
    ],
    [
      'a path that is no UTF-8',
      '/v1/items/%ff/similar',
      {},
      'INVALID_INPUT',
      'path',
      "Failed to decode param '%ff'",
    ],
    [
      'an overlong user',
      `/v1/users/${long}/history`,
      {},
      'INVALID_USER_ID',
      'user_id',
      'must have at most 50 characters',
    ],
    ['a limit of 101', '/v1/users/u/history?limit=101', {}, 'INVALID_INPUT', 'limit', 'must be at most 100'],
    ['a date', '/v1/users/u/history?before=2024-01-20', {}, 'INVALID_INPUT', 'before', before],
    [
      'a time without offset',
      '/v1/users/u/history?before=2024-01-20T10:00:00',
      {},
      'INVALID_INPUT',
      'before',
      before,
    ],
    ['a made-up cursor', '/v1/users/u/history?before=WzEsMl0', {}, 'INVALID_INPUT', 'before', before],
    [
      'two places',
      '/v1/users/u/history?before=a&before=b',
      {},
      'INVALID_INPUT',
      'before',
      'must be given once',
    ],
  ])('refuse %s with the field and the reason', async (...refusal) => {
    await expectRefusal(refusal[1], refusal);
  });

  it.each([
    ['/v1/items/nothing/similar', { field: 'item_id', reason: 'no such item' }],
    ['/v1/items', undefined],
    ['/v2/recommendations', undefined],
  ])('answer %s with NOT_FOUND', async (path, details) => {
    const { status, body } = await stack.get(path);
    expect(status).toBe(404);
    expect(body.error).toMatchObject({ code: 'NOT_FOUND', ...(details && { details }) });
  });
});
