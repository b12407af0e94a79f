import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceProcess } from '@shopstream/testkit';
import { freshIngestion, type Ingestion, post } from './setup.ts';

let ingestion: Ingestion;
let service: ServiceProcess;

beforeAll(async () => {
  ingestion = await freshIngestion();
  service = await ingestion.start();
});

afterAll(() => ingestion.close());

const firefox = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0';

async function rowOf(eventId: string) {
  const rows = (await ingestion.rows('ecom.clickstream.v1')).filter((row) => row.event_id === eventId);
  expect(rows).toHaveLength(1);
  return rows[0];
}

describe('the collector', () => {
  it('has put an event into the topic when it answers 202', async () => {
    const event = {
      eventId: 'evt-1',
      eventType: 'view',
      timestamp: '2025-10-22T12:00:00Z',
      userId: 'user_123',
      anonId: 'session_456',
      productId: 'sku_abc',
      metadata: { referrer: 'category_page', device: 'mobile' },
    };
    const answer = await post(`${service.url}/v1/events`, event, { 'user-agent': firefox });
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted', event_id: 'evt-1' } });
    expect(await rowOf('evt-1')).toMatchObject({
      event_type: 'page_view',
      user_id: 'user_123',
      session_id: 'session_456',
      product_id: 'sku_abc',
      device_type: 'mobile',
      browser: 'Firefox',
      referrer: 'category_page',
      timestamp: Date.UTC(2025, 9, 22, 12),
      dialect: 'event',
    });
  });

  it('answers an interaction in its exact shape', async () => {
    const interaction = {
      user_id: 'user_123',
      item_id: 'movie_456',
      action: 'click',
      context: { source: 'homepage', position: 3, session_id: 'session_abc' },
      timestamp: '2024-01-20T15:30:00Z',
    };
    const answer = await post(`${service.url}/v1/interactions`, interaction, { 'x-event-id': 'evt_123' });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ status: 'accepted', event_id: 'evt_123' });
    expect(await rowOf('evt_123')).toMatchObject({
      dialect: 'interaction',
      product_id: 'movie_456',
      session_id: 'session_abc',
      surface: 'home',
      rank: 3,
    });
  });

  it('splits a bulk purchase into the same events each time', async () => {
    const purchase = {
      eventId: 'order-1',
      eventType: 'purchase',
      timestamp: '2025-10-22T12:05:00Z',
      userId: 'user_123',
      orderId: 'order_789',
      productIds: ['sku_abc', 'sku_def'],
      metadata: { total: 99.95 },
    };
    const first = await post(`${service.url}/v1/events`, purchase);
    const second = await post(`${service.url}/v1/events`, purchase);
    expect(first.body.event_ids).toHaveLength(3);
    expect(second.body).toEqual(first.body);
    const rows = (await ingestion.rows('ecom.clickstream.v1')).filter(
      (row) => row.parent_event_id === 'order-1',
    );
    expect(rows.map((row) => row.event_id)).toEqual([...first.body.event_ids, ...first.body.event_ids]);
    expect(rows[2]).toMatchObject({
      event_type: 'custom',
      order_total: '99.95',
      properties: { kind: 'order' },
    });
  });

  it('judges each event of a batch alone and keeps the bytes of those it refuses', async () => {
    const bad =
      '{ "type":"view",  "user_id":"u1","item_id":"\\u0070", "ts":"soon", "source_event_id":"bad-1"}';
    const body = `{"namespace":"shop-2","events":[
      {"type":0,"user_id":"u1","item_id":"p1","source_event_id":"b-1","meta":{"surface":"pdp"}},
      ${bad},
      {"eventType":"search","anonId":"a1","eventId":"b-2","searchQuery":"boots"}]}`;
    const answer = await post(`${service.url}/v1/events:batch`, body);
    expect(answer).toMatchObject({
      status: 207,
      body: {
        accepted: 2,
        refused: 1,
        results: [
          { index: 0, status: 'accepted', event_id: 'b-1' },
          { index: 1, status: 'refused', event_id: null, code: 'INVALID_INPUT', field: 'ts' },
          { index: 2, status: 'accepted', event_id: 'b-2' },
        ],
      },
    });
    expect(await rowOf('b-1')).toMatchObject({ namespace: 'shop-2', dialect: 'batch_event' });
    const letters = await ingestion.rows('ecom.dead-letter.v1');
    const letter = letters.find(({ event_id }) => event_id === 'bad-1');
    expect(letter).toMatchObject({
      stage: 'collector',
      reason: 'invalid_field',
      field: 'ts',
      namespace: 'shop-2',
      source_topic: null,
    });
    expect(letter?.value?.toString()).toBe(bad);
  });

  it('takes a bare list, and answers 202 when every event of it is accepted', async () => {
    const answer = await post(`${service.url}/v1/events:batch`, [{ eventType: 'page_view', userId: 7 }]);
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1, refused: 0 } });
    expect(await rowOf(answer.body.results[0].event_id)).toMatchObject({
      user_id: '7',
      session_derived: true,
    });
  });

  it('answers 400 with the envelope and every result when no event is accepted', async () => {
    const answer = await post(`${service.url}/v1/events:batch`, [{ eventType: 'nonsense', userId: 'u' }, 7]);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error: { code: 'INVALID_INPUT', details: { field: 'events' } },
      accepted: 0,
      refused: 2,
      results: [{ field: 'eventType', reason: 'is not a known event type' }, { reason: 'must be an object' }],
    });
    expect(answer.body.error.request_id).toMatch(/^req_/);
  });
});
