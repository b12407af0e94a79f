import { describe, expect, it } from '@jest/globals';
import { itemSchema } from '@shopstream/contracts';
import { toContent, toProduct } from './item.ts';

const content = (columns: object) =>
  toContent(itemSchema.parse({ item_id: 'p1', title: 'Lamp', ...columns }));

describe('tags', () => {
  it.each([
    [{ brand: 'Acme', category: 'Table Lamps' }, ['brand:acme', 'category:table-lamps']],
    [{ brand: "  L'Oréal & Cie. " }, ['brand:l-oréal-cie']],
    [{ brand: '***' }, []],
    [{ tags: ['new', 'new', 'brand:acme'], brand: 'ACME' }, ['new', 'brand:acme']],
  ])('of %j are %j', (columns, tags) => {
    expect(content(columns).tags).toEqual(tags);
  });
});

describe('product row', () => {
  it('has attributes as text: strings as they are, the rest as JSON', () => {
    const item = { namespace: 'default', version: 1, valid_from: null, updated_at: 1 };
    const attributes = { colour: 'red', sizes: [1, 2], depth: null, lit: true };
    expect(toProduct({ ...content({ attributes }), ...item }).attributes).toEqual({
      colour: 'red',
      sizes: '[1,2]',
      depth: 'null',
      lit: 'true',
    });
  });
});
