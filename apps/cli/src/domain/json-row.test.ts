import { describe, expect, it } from '@jest/globals';
import { clickstreamEvent } from '@shopstream/testkit';
import { toJsonRow } from './json-row.ts';

describe('a row as JSON', () => {
  it('keeps the names and the order of the schema', () => {
    const row = toJsonRow('ecom.clickstream.v1', clickstreamEvent()) as Record<string, unknown>;
    expect(Object.keys(row).slice(0, 5)).toEqual([
      'event_id',
      'session_id',
      'user_id',
      'anonymous_id',
      'event_type',
    ]);
  });

  it('writes times in UTC with milliseconds, also inside unions', () => {
    const event = clickstreamEvent({
      timestamp: Date.UTC(2011, 11, 9, 12, 50),
      received_at: 1_767_614_400_001,
    });
    expect(toJsonRow('ecom.clickstream.v1', event)).toMatchObject({
      timestamp: '2011-12-09T12:50:00.000Z',
      received_at: '2026-01-05T12:00:00.001Z',
    });
  });

  it('writes decimals as numbers, also in arrays of records, and null as null', () => {
    const event = clickstreamEvent({
      unit_price: '2.55',
      order_total: null,
      line_items: [{ product_id: 'p', quantity: 2, unit_price: '10.00' }],
    });
    expect(toJsonRow('ecom.clickstream.v1', event)).toMatchObject({
      unit_price: 2.55,
      order_total: null,
      line_items: [{ product_id: 'p', quantity: 2, unit_price: 10 }],
    });
  });

  it('keeps a decimal of more than 15 digits as text, so that no digit is lost', () => {
    const event = clickstreamEvent({ unit_price: '-12345678901234.56' });
    expect(toJsonRow('ecom.clickstream.v1', event)).toMatchObject({ unit_price: '-12345678901234.56' });
  });
});
