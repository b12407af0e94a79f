import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { itemListQuerySchema, itemSchema } from './items.ts';
import { priceSchema } from './items-price.ts';

const item = { item_id: 'p1', title: 'Lamp' };
const reasonsOf = (value: unknown) =>
  itemSchema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('price', () => {
  it.each([
    [12.3, '12.30'],
    [0, '0.00'],
    [-0, '0.00'],
    [1.005, '1.01'],
    [0.005, '0.01'],
    [0.0049999, '0.00'],
    [1e-7, '0.00'],
    [9999999999.99, '9999999999.99'],
    ['12', '12.00'],
    [' 12.344 ', '12.34'],
    ['12.345', '12.35'],
    ['0000012.1', '12.10'],
    ['9999999999.994', '9999999999.99'],
  ])('%p is %s', (given, price) => {
    expect(priceSchema.parse(given)).toBe(price);
  });

  it.each([
    [-1, 'must not be negative'],
    [-1e-9, 'must not be negative'],
    ['-0.01', 'must not be negative'],
    ['9999999999.995', 'must be at most 9999999999.99'],
    [1e12, 'must be at most 9999999999.99'],
    [1e21, 'must be a decimal number such as 12.30'],
    ['', 'must be a decimal number such as 12.30'],
    ['1,50', 'must be a decimal number such as 12.30'],
    ['1e3', 'must be a decimal number such as 12.30'],
    ['0x10', 'must be a decimal number such as 12.30'],
    ['£5', 'must be a decimal number such as 12.30'],
    [true, 'must be a number or decimal text'],
    [Number.NaN, 'must be a number or decimal text'],
  ])('%p is refused: %s', (given, reason) => {
    expect(priceSchema.safeParse(given).error?.issues.map((issue) => issue.message)).toEqual([reason]);
  });

  it('never moves a price by more than half a cent, and keeps what it made', () => {
    fc.assert(
      fc.property(fc.nat(99_999_999), fc.nat(99_999), (whole, fraction) => {
        const written = `${whole}.${String(fraction).padStart(5, '0')}`;
        const price = priceSchema.parse(written);
        expect(Math.abs(Number(price) - Number(written))).toBeLessThanOrEqual(0.005 + 1e-6);
        expect(priceSchema.parse(price)).toBe(price);
      }),
    );
  });
});

describe('item', () => {
  it('needs an id and a title, everything else has a default', () => {
    expect(itemSchema.parse({ item_id: 7, title: ' Lamp ' })).toEqual({
      item_id: '7',
      title: 'Lamp',
      description: null,
      category: null,
      subcategory: null,
      brand: null,
      price: null,
      currency: null,
      available: true,
      url: null,
      image_url: null,
      parent_sku: null,
      tags: [],
      attributes: {},
      valid_from: null,
    });
  });

  it.each([
    ['title: must not be empty', { title: '  ' }],
    ['title: must have at most 500 characters', { title: 'x'.repeat(501) }],
    ['title: must hold no NUL or broken characters', { title: 'a\0b' }],
    ['description: must hold no NUL or broken characters', { description: '\ud800' }],
    ['item_id: must not be empty', { item_id: '' }],
    ['item_id: must have at most 50 characters', { item_id: 'x'.repeat(51) }],
    ['currency: must be a currency code of three letters such as EUR', { currency: 'euro' }],
    ['available: must be true or false', { available: 'yes' }],
    ['url: must be an http or https URL', { url: 'javascript:alert(1)' }],
    ['tags.0: must not be empty', { tags: [''] }],
    ['attributes: must be a JSON object', { attributes: [] }],
    ['attributes: must hold no NUL or broken characters', { attributes: { a: '\0' } }],
    ['attributes: must hold finite numbers only', { attributes: { a: Infinity } }],
    [
      'attributes: must be nested at most 8 levels deep',
      { attributes: JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as unknown },
    ],
    ['attributes: must have at most 65536 characters', { attributes: { a: 'x'.repeat(70_000) } }],
    ['valid_from: must be an ISO 8601 time with offset, or epoch milliseconds', { valid_from: '2020-01-01' }],
    [': Unrecognized key: "pric"', { pric: 1 }],
  ])('is refused: %s', (reason, columns) => {
    expect(reasonsOf({ ...item, ...columns })[0]).toBe(reason);
  });

  it('takes times as text or number', () => {
    const valid_from = Date.UTC(2020, 0, 1);
    expect(itemSchema.parse({ ...item, valid_from: '2020-01-01T01:00:00+01:00' }).valid_from).toBe(
      valid_from,
    );
    expect(itemSchema.parse({ ...item, valid_from }).valid_from).toBe(valid_from);
  });
});

describe('query of the item list', () => {
  it.each([['0'], ['1001'], ['ten'], ['1e2'], ['-1']])('limit %s is refused', (limit) => {
    expect(itemListQuerySchema.safeParse({ limit }).success).toBe(false);
  });
});
