import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPE_ALIASES, EVENT_TYPES } from '@shopstream/contracts';
import { type EventRequest, judgeEvent } from './judge-event.ts';

const receivedAt = Date.UTC(2026, 0, 5, 12);
const request: EventRequest = {
  receivedAt,
  agent: { device_type: 'desktop', browser: 'Firefox' },
  dialect: null,
  defaults: [],
};

function rowsOf(event: unknown, more: Partial<EventRequest> = {}) {
  const result = judgeEvent(event, { ...request, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value.rows;
}

const rowOf = (event: unknown, more: Partial<EventRequest> = {}) => rowsOf(event, more)[0];

describe('every spelling of an event type', () => {
  const spellings: [string, string][] = [
    ...EVENT_TYPES.map((type): [string, string] => [type, type]),
    ...Object.entries(EVENT_TYPE_ALIASES),
  ];
  const rest = { user_id: 'u', product_id: 'p', item_id: 'p', search_query: 'q' };

  it.each(spellings)('%s is %s in each dialect', (spelling, type) => {
    for (const field of ['eventType', 'event_type', 'type', 'action']) {
      expect(rowOf({ ...rest, [field]: spelling })?.event_type).toBe(type);
    }
  });

  it.each([0, 1, 2, 3, 4])('code %d is taken as a number', (code) => {
    expect(rowOf({ ...rest, type: code })?.event_type).toBe(EVENT_TYPE_ALIASES[code]);
  });
});

describe('a view', () => {
  const view = { eventType: 'view', userId: 'u', productId: 'p' };
  it.each([
    [{ widget: 'similar', surface: 'home' }, 'impression'],
    [{ widget: 'similar' }, 'impression'],
    [{ widget: 'similar', surface: 'pdp' }, 'page_view'],
    [{ surface: 'home' }, 'page_view'],
  ])('with %j is %s', (metadata, type) => {
    expect(rowOf({ ...view, metadata })?.event_type).toBe(type);
    expect(rowOf({ ...view, ...metadata })?.event_type).toBe(type);
  });
});

describe('the dialects', () => {
  it('map an event with its facts in the metadata', () => {
    const event = {
      eventId: 'e1',
      eventType: 'search',
      timestamp: '2025-10-22T14:03:00+02:00',
      userId: 123,
      metadata: {
        query: 'wireless headphones',
        device: 'Phone',
        position: 3,
        theme: { dark: true },
        note: 'x',
      },
    };
    expect(rowOf(event)).toMatchObject({
      event_id: 'e1',
      user_id: '123',
      search_query: 'wireless headphones',
      device_type: 'mobile',
      rank: 3,
      timestamp: Date.UTC(2025, 9, 22, 12, 3),
      client_timestamp: Date.UTC(2025, 9, 22, 12, 3),
      received_at: receivedAt,
      clock: 'client',
      dialect: 'event',
      schema_version: 1,
      properties: { theme: '{"dark":true}', note: 'x' },
    });
  });

  it.each([
    [
      'snake',
      { event_type: 'click', user_id: 'u', page_url: '/p', referrer_url: '/r', device_type: 'tablet' },
    ],
    ['camel', { eventType: 'click', userId: 'u', pageUrl: '/p', referrerUrl: '/r', deviceType: 'tablet' }],
  ])('map every column in %s case', (_, event) => {
    expect(rowOf(event)).toMatchObject({
      user_id: 'u',
      page_url: '/p',
      referrer_url: '/r',
      device_type: 'tablet',
    });
  });

  it('map a batch event with its context', () => {
    const event = {
      type: 2,
      user_id: 'u',
      item_id: 'p',
      value: 3,
      ts: '2025-10-22T12:00:00.250Z',
      source_event_id: 's1',
      meta: {
        surface: 'cart',
        cart_id: 'c',
        unit_price: 19.995,
        currency: 'eur',
        session_id: 's',
        recommended: true,
      },
    };
    expect(rowOf(event)).toMatchObject({
      event_id: 's1',
      event_type: 'add_to_cart',
      product_id: 'p',
      session_id: 's',
      quantity: 3,
      value: 3,
      unit_price: '20.00',
      currency: 'EUR',
      cart_id: 'c',
      surface: 'cart',
      recommended: true,
      dialect: 'batch_event',
    });
  });

  it('pass lines of an order and its summary as they are', () => {
    const line = {
      type: 'purchase',
      user_id: 'u',
      item_id: 'p',
      value: 2,
      source_event_id: 'l1',
      meta: { order_id: 'o' },
    };
    expect(rowsOf(line)).toHaveLength(1);
    const items = [{ item_id: 'p', qty: 2, unit_price: '3.5' }];
    const summary = {
      type: 4,
      user_id: 'u',
      source_event_id: 'o1',
      meta: { kind: 'order', total: '7', items },
    };
    expect(rowOf(summary)).toMatchObject({
      event_type: 'custom',
      product_id: null,
      order_total: '7.00',
      line_items: [{ product_id: 'p', quantity: 2, unit_price: '3.50' }],
      properties: { kind: 'order' },
    });
  });

  it('say which version they were accepted under', () => {
    const event = {
      eventType: 'click',
      userId: 'u',
      metadata: { schemaVersion: 2, query: 'only a property now' },
    };
    expect(rowOf(event)).toMatchObject({
      schema_version: 2,
      search_query: null,
      properties: { query: 'only a property now' },
    });
    expect(rowOf({ ...event, metadata: { schema_version: '1.0', query: 'q' } })).toMatchObject({
      schema_version: 1,
      search_query: 'q',
    });
  });

  it.each([
    [true, 'granted'],
    ['GRANTED', 'granted'],
    [false, 'denied'],
    ['denied', 'denied'],
    ['unknown', 'unknown'],
    [undefined, 'unknown'],
    [null, 'unknown'],
  ])('take consent %j for %s', (consent, expected) => {
    expect(rowOf({ eventType: 'click', userId: 'u', consent })?.consent).toBe(expected);
    expect(rowOf({ eventType: 'click', userId: 'u', metadata: { consent } })?.consent).toBe(expected);
  });
});
