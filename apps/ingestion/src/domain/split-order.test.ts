import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clickstreamEvent } from '@shopstream/testkit';
import { splitOrder } from './split-order.ts';

const purchase = {
  ...clickstreamEvent({ event_type: 'purchase', order_total: '30.00', order_id: 'o' }),
  event_id: 'parent',
};
const fields = { event_type: 'purchase' as const };
const items = [
  { product_id: 'a', quantity: 2, unit_price: '10.00' },
  { product_id: 'b', unit_price: '10.00' },
];

describe('splitOrder', () => {
  it('gives a purchase a line, then the order summary', () => {
    const [first, second, summary] = splitOrder(purchase, { ...fields, items });
    const line = { event_type: 'purchase', order_id: 'o', parent_event_id: 'parent', order_total: null };
    expect(first).toMatchObject({
      ...line,
      product_id: 'a',
      quantity: 2,
      unit_price: '10.00',
      line_number: 1,
    });
    expect(second).toMatchObject({ ...line, product_id: 'b', quantity: 1, line_number: 2 });
    expect(summary).toMatchObject({
      event_type: 'custom',
      product_id: null,
      order_total: '30.00',
      line_number: null,
      line_items: [items[0], { ...items[1], quantity: 1 }],
      properties: { kind: 'order' },
    });
  });

  it('counts a product that is bought twice as two lines', () => {
    const rows = splitOrder(purchase, { ...fields, product_ids: ['a', 'a'] });
    expect(rows.map(({ product_id }) => product_id)).toEqual(['a', 'a', null]);
  });

  it('gives each row an id of its own, the same each time, and others to other orders and tenants', () => {
    const ids = (event_id: string, namespace: string, count: number) =>
      splitOrder(
        { ...purchase, event_id, namespace },
        { ...fields, product_ids: Array<string>(count).fill('p') },
      ).map((row) => row.event_id);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 20 }), (parent, count) => {
        const once = ids(parent, 'a', count);
        expect(ids(parent, 'a', count)).toEqual(once);
        const all = [...once, ...ids(parent, 'b', count), ...ids(`${parent}.`, 'a', count)];
        expect(new Set(all).size).toBe(3 * (count + 1));
        for (const id of once) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/);
      }),
    );
  });
});
