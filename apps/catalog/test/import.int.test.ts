import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@shopstream/testkit';
import type { ServiceProcess } from '@shopstream/testkit';
import { call, freshCatalog } from './setup.ts';
import type { FreshCatalog } from './setup.ts';

let catalog: FreshCatalog;
let service: ServiceProcess;

beforeAll(async () => {
  catalog = await freshCatalog();
  service = await catalog.start();
});
afterAll(() => catalog.close());

const header = 'product_id,product_name,category,price,description,attributes,brand,subcategory';
const importCsv = (namespace: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  call(`${service.url}/v1/items:import?namespace=${namespace}`, 'POST', {
    body,
    headers: { 'content-type': 'text/csv', ...headers },
  });
const item = async (namespace: string, id: string) =>
  (await call(`${service.url}/v1/items/${id}?namespace=${namespace}`)).body;

describe('catalog import', () => {
  it('takes every column of the data dictionary and publishes the products', async () => {
    const row = `7,"Lamp, small",Lamps,12.345,"two\nlines ""and quotes""","{""colour"":""red"",""w"":4}",Acme,Table`;
    const { status, body } = await importCsv('columns', `\ufeff${header}\r\n${row}\r\n`);
    expect(status).toBe(200);
    expect(body).toEqual({
      read: 1,
      created: 1,
      updated: 0,
      unchanged: 0,
      refused: 0,
      errors: [],
      ignored_columns: [],
    });
    expect(await item('columns', '7')).toMatchObject({
      title: 'Lamp, small',
      category: 'Lamps',
      subcategory: 'Table',
      brand: 'Acme',
      price: '12.35',
      description: 'two\nlines "and quotes"',
      attributes: { colour: 'red', w: 4 },
      tags: ['brand:acme', 'category:lamps'],
    });
    await eventually(async () => {
      const products = (await catalog.products()).filter((product) => product.namespace === 'columns');
      expect(products).toMatchObject([{ product_id: '7', attributes: { colour: 'red', w: '4' } }]);
    });
  });

  it('takes the optional columns, and columns in any order', async () => {
    const csv = [
      'tags,available,image_url,url,currency,name,Product_ID,views',
      'new|sale,no,https://x.test/a.png,https://x.test/a,gbp,Lamp,a,17',
      ',,,,,,b,',
    ].join('\n');
    const { body } = await importCsv('optional', csv);
    expect(body).toMatchObject({ created: 2, refused: 0, ignored_columns: ['views'] });
    expect(await item('optional', 'a')).toMatchObject({
      title: 'Lamp',
      tags: ['new', 'sale'],
      available: false,
      currency: 'GBP',
      url: 'https://x.test/a',
      image_url: 'https://x.test/a.png',
    });
    expect(await item('optional', 'b')).toMatchObject({ title: 'b', available: true, price: null, tags: [] });
  });

  it('names row, column and reason of each bad row, and takes the good ones', async () => {
    const csv = Buffer.concat([
      Buffer.from(`${header},available\n`),
      Buffer.from('1,Good,c,1,d,,b,s,\n'),
      Buffer.from('2,Short row\n'),
      Buffer.from('3,Bad price,c,"1,50",d,,b,s,\n'),
      Buffer.from('4,Negative,c,-1,d,,b,s,\n'),
      Buffer.from('5,Bad JSON,c,1,d,{colour:red},b,s,\n'),
      Buffer.from('6,No object,c,1,d,[1],b,s,\n'),
      Buffer.from(',No id,c,1,d,,b,s,\n'),
      Buffer.from('\n'),
      Buffer.from('8,Latin '),
      Buffer.from([0xe9]),
      Buffer.from(',c,1,d,,b,s,\n'),
      Buffer.from(`9,${'x'.repeat(501)},c,1,d,,b,s,perhaps\n`),
      Buffer.from('10,5" pipe,c,1,d,,b,s,\n'),
      Buffer.from('11,"Never closed,c,1,d,,b,s,\n12,Swallowed,c,1,d,,b,s,\n'),
    ]);
    const { body } = await importCsv('dirty', csv);
    expect(body.errors).toEqual([
      { row: 3, field: 'row', reason: 'has 2 cells, the header has 9' },
      { row: 4, field: 'price', reason: 'must be a decimal number such as 12.30' },
      { row: 5, field: 'price', reason: 'must not be negative' },
      { row: 6, field: 'attributes', reason: 'must be a JSON object' },
      { row: 7, field: 'attributes', reason: 'must be a JSON object' },
      { row: 8, field: 'product_id', reason: 'must not be empty' },
      { row: 8, field: 'product_id', reason: 'must hold visible characters only' },
      { row: 10, field: 'product_name', reason: 'is not valid UTF-8' },
      { row: 11, field: 'available', reason: 'must be true or false' },
      { row: 13, field: 'row', reason: 'has a quoted cell that is not closed' },
    ]);
    expect(body).toMatchObject({ read: 11, created: 2, refused: 9 });
    expect((await item('dirty', '10')).title).toBe('5" pipe');
  });

  it('imports 20,000 rows, gzip too, and finds nothing to do the second time', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, index) => `p${index},Product ${index},c,${index}.5,d,,b,s`,
    );
    const file = gzipSync(`${header}\n${rows.join('\n')}`);
    const first = await importCsv('large', file, { 'content-type': 'application/gzip' });
    expect(first.body).toMatchObject({ read: 20_000, created: 20_000, refused: 0 });
    const again = await importCsv('large', file, { 'content-encoding': 'gzip' });
    expect(again.body).toMatchObject({ read: 20_000, unchanged: 20_000 });
    await eventually(async () => {
      const { rows: waiting } = await catalog.pool.query('select 1 from outbox limit 1');
      expect(waiting).toEqual([]);
    });
    const published = (await catalog.products()).filter((product) => product.namespace === 'large');
    expect(new Set(published.map((product) => product.product_id)).size).toBe(20_000);
  });

  it('lists the first thousand errors and counts all', async () => {
    const csv = `product_id,price\n${'x,free\n'.repeat(1_500)}`;
    const { body } = await importCsv('errors', csv);
    expect([body.refused, body.errors.length]).toEqual([1_500, 1_000]);
  });

  const cut = gzipSync(`${header}\n1,Lamp,,,,,,\n`).subarray(0, 40);
  const gzip = { 'content-type': 'application/gzip' };
  it.each([
    ['without product_id', 'name,price\nLamp,1\n', {}, 400, 'product_id'],
    ['with a column twice', 'product_id,name,product_name\n1,a,b\n', {}, 400, 'product_name'],
    ['that is empty', '', {}, 400, 'body'],
    ['that is cut off gzip', cut, gzip, 400, 'body'],
    ['of another type', '{}', { 'content-type': 'application/json' }, 415, 'Content-Type'],
    ['of more than 100 MiB', gzipSync(Buffer.alloc(101 * 1024 * 1024, 'a')), gzip, 413, 'body'],
  ])('refuses a file %s as a whole', async (_what, body, headers, status, field) => {
    const answer = await importCsv('refused', body, headers);
    expect([answer.status, answer.body.error.details.field]).toEqual([status, field]);
    expect((await call(`${service.url}/v1/items?namespace=refused`)).body.items).toEqual([]);
  });

  it('answers a refused upload of 10 MB and keeps serving', async () => {
    const { status } = await importCsv('refused', 'name\n'.repeat(2_000_000));
    expect(status).toBe(400);
    expect((await call(`${service.url}/readyz`)).status).toBe(200);
  });
});
