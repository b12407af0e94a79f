import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@shopstream/testkit';
import type { ServiceProcess } from '@shopstream/testkit';
import { call, freshCatalog } from './setup.ts';
import type { FreshCatalog } from './setup.ts';

let catalog: FreshCatalog;
let service: ServiceProcess;
let items: string;

beforeAll(async () => {
  catalog = await freshCatalog();
  service = await catalog.start();
  items = `${service.url}/v1/items`;
});
afterAll(() => catalog.close());

const put = (id: string, body: unknown) => call(`${items}/${id}`, 'PUT', { body });
const versionsOf = async (id: string) => (await catalog.products()).filter((row) => row.product_id === id);
const changedXid = async (id: string) => {
  const { rows } = await catalog.pool.query<{ changed_xid: string }>(
    'select changed_xid from items where item_id = $1',
    [id],
  );
  return BigInt(rows[0]?.changed_xid ?? 0);
};

describe('item upsert', () => {
  it('publishes every version and answers what it wrote', async () => {
    const lamp = { title: 'Lamp', brand: 'Acme', category: 'Lamps', price: 12.345, currency: 'eur' };
    const first = await put('lamp', lamp);
    expect([first.status, first.body]).toEqual([201, { item_id: 'lamp', status: 'created', version: 1 }]);
    const second = await put('lamp', { ...lamp, available: false });
    expect([second.status, second.body]).toEqual([200, { item_id: 'lamp', status: 'updated', version: 2 }]);

    await eventually(async () => expect(await versionsOf('lamp')).toHaveLength(2));
    const [one, two] = await versionsOf('lamp');
    expect(one).toMatchObject({
      product_id: 'lamp',
      name: 'Lamp',
      price: '12.35',
      currency: 'EUR',
      tags: ['brand:acme', 'category:lamps'],
      available: true,
      valid_from: null,
      version: 1,
    });
    expect(two).toMatchObject({ available: false, version: 2, valid_from: two?.updated_at });
    expect((await call(`${items}/lamp`)).body).toMatchObject({
      item_id: 'lamp',
      namespace: 'default',
      price: '12.35',
      available: false,
      version: 2,
      valid_from: new Date(two?.valid_from ?? 0).toISOString(),
    });
  });

  it('writes nothing when the item is like that already', async () => {
    const body = { title: 'Chair', attributes: { legs: 4, sizes: ['s', 'm'] }, price: 5 };
    await put('chair', body);
    const before = await changedXid('chair');
    const again = await put('chair', { ...body, price: '5.001' });
    expect([again.status, again.body.status]).toEqual([200, 'unchanged']);
    expect(await changedXid('chair')).toBe(before);
    await put('chair', { ...body, price: 6 });
    expect(await changedXid('chair')).toBeGreaterThan(before);
    await eventually(async () => expect(await versionsOf('chair')).toHaveLength(2));
  });

  it('numbers concurrent versions of one item without gaps and publishes them in order', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => put('contested', { title: 'Contested', price: index + 1 })),
    );
    const expected = Array.from({ length: 20 }, (_, index) => index + 1);
    const byNumber = (a: number, b: number) => a - b;
    expect(answers.map(({ body }) => Number(body.version)).sort(byNumber)).toEqual(expected);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    await eventually(async () =>
      expect((await versionsOf('contested')).map((row) => row.version)).toEqual(expected),
    );
  });

  it('lets batches that overlap in any order through', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `overlap-${index}`);
    const batch = (order: string[], price: number) =>
      call(`${items}:batch`, 'POST', {
        body: { items: order.map((item_id) => ({ item_id, title: item_id, price })) },
      });
    const answers = await Promise.all([
      batch(ids, 1),
      batch(ids.toReversed(), 2),
      batch(ids, 3),
      batch(ids.toReversed(), 4),
    ]);
    expect(answers.map(({ status, body }) => [status, body.accepted])).toEqual(Array(4).fill([200, 200]));
    const { rows } = await catalog.pool.query<{ version: string }>(
      `select distinct version from items where item_id like 'overlap-%'`,
    );
    expect(rows).toEqual([{ version: '4' }]);
  });

  it('keeps namespaces apart', async () => {
    await put('shared', { title: 'Default' });
    await call(`${items}/shared?namespace=other`, 'PUT', { body: { title: 'Other' } });
    expect((await call(`${items}/shared`)).body.title).toBe('Default');
    expect((await call(`${items}?namespace=other`)).body.items).toHaveLength(1);
  });

  it('takes an item out of the shop and back, history intact', async () => {
    await put('gone', { title: 'Gone', price: 1 });
    const url = `${items}/gone`;
    expect((await call(url, 'DELETE')).body).toEqual({ item_id: 'gone', status: 'updated', version: 2 });
    expect((await call(url, 'DELETE')).body.status).toBe('unchanged');
    expect((await call(url)).body).toMatchObject({ is_active: false, price: '1.00' });
    expect((await put('gone', { title: 'Gone', price: 1 })).body).toMatchObject({ version: 3 });
    await eventually(async () =>
      expect((await versionsOf('gone')).map((row) => row.is_active)).toEqual([true, false, true]),
    );
  });
});

describe('item list', () => {
  it('pages through a namespace in order of id', async () => {
    const body = { items: ['c', 'a', 'b', 'e', 'd'].map((item_id) => ({ item_id, title: item_id })) };
    await call(`${items}:batch?namespace=paged`, 'POST', { body });
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const page = await call(`${items}?namespace=paged&limit=2${after}`);
      seen.push(...page.body.items.map((item: { item_id: string }) => item.item_id));
      if (page.body.next === null) break;
      after = `&after=${page.body.next}`;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('bad input', () => {
  it('refuses items of a batch one by one and takes the rest', async () => {
    const batch = [
      { item_id: 'good', title: 'Good' },
      { item_id: 'bad', title: 'Bad', price: 'free' },
      7,
      {},
    ];
    const { status, body } = await call(`${items}:batch`, 'POST', { body: { items: batch } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 1, refused: 3 });
    expect(body.results.slice(0, 3)).toEqual([
      { index: 0, item_id: 'good', status: 'created', version: 1 },
      {
        index: 1,
        status: 'refused',
        errors: [{ field: 'price', reason: 'must be a decimal number such as 12.30' }],
      },
      {
        index: 2,
        status: 'refused',
        errors: [{ field: 'item', reason: 'Invalid input: expected object, received number' }],
      },
    ]);
    expect(body.results[3].errors.map((error: { field: string }) => error.field)).toEqual([
      'item_id',
      'title',
    ]);
  });

  const items1001 = { items: Array.from({ length: 1_001 }, () => ({})) };
  const broken = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
  it.each([
    ['malformed JSON', 'PUT', '/x', '{"title":', 400, 'body'],
    ['invalid UTF-8', 'PUT', '/x', broken, 400, 'body'],
    ['an empty body', 'PUT', '/x', '', 400, 'body'],
    ['an unknown field', 'PUT', '/x', { title: 'x', colour: 'red' }, 400, 'colour'],
    ['an overlong id', 'PUT', `/${'x'.repeat(51)}`, { title: 'x' }, 400, 'item_id'],
    ['a negative price', 'PUT', '/x', { title: 'x', price: -1 }, 400, 'price'],
    ['a bad namespace', 'PUT', '/x?namespace=A', { title: 'x' }, 400, 'namespace'],
    ['a body of 10 MB', 'PUT', '/x', `{"title":"${'x'.repeat(10_000_000)}"}`, 413, 'body'],
    ['a batch of 10 MB', 'POST', ':batch', `{"items":["${'x'.repeat(10_000_000)}"]}`, 413, 'body'],
    ['a batch of 1,001', 'POST', ':batch', items1001, 400, 'items'],
    ['an empty batch', 'POST', ':batch', { items: [] }, 400, 'items'],
    ['an unknown item', 'GET', '/none', undefined, 404, 'item_id'],
    ['an unknown item', 'DELETE', '/none', undefined, 404, 'item_id'],
    ['a limit of 0', 'GET', '?limit=0', undefined, 400, 'limit'],
  ])('answers %s (%s) with the envelope', async (_what, method, path, body, status, field) => {
    const answer = await call(`${items}${path}`, method, { body });
    expect([answer.status, answer.body.error.details.field]).toEqual([status, field]);
    expect(answer.body.error).toMatchObject({ message: expect.any(String), request_id: expect.any(String) });
  });

  it('refuses methods that a path has not', async () => {
    const { status, headers } = await call(`${items}:batch`, 'PUT', { body: {} });
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });
});
