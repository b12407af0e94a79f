import { expect, it } from '@jest/globals';
import { clickstreamEvent } from '@shopstream/testkit';
import { toJsonRow } from './json-row.ts';
import { toRow } from './row-of-json.ts';

it('a row comes back from its JSON as it was', () => {
  const row = clickstreamEvent({
    unit_price: '2.5',
    order_total: '12345678901234567.89',
    properties: { colour: 'red' },
    line_items: [{ product_id: 'p', quantity: 2, unit_price: null }],
  });
  const json = JSON.parse(JSON.stringify(toJsonRow('ecom.clickstream.v1', row))) as object;
  expect(toRow('ecom.clickstream.v1', json)).toEqual(row);
  expect(toRow('ecom.clickstream.v1', { ...json, product_id: 7, user_id: undefined })).toMatchObject({
    product_id: '7',
    user_id: null,
  });
});

it('bytes come back from base64', () => {
  const letter = { value: Buffer.from([0, 255]).toString('base64'), failed_at: '2026-01-05T12:00:00.000Z' };
  expect(toRow('ecom.dead-letter.v1', letter)).toMatchObject({
    value: Buffer.from([0, 255]),
    failed_at: Date.UTC(2026, 0, 5, 12),
  });
});
