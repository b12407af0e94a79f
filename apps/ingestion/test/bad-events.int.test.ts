import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceProcess } from '@shopstream/testkit';
import { badEvents } from './bad-events.ts';
import { freshIngestion, type Ingestion, post } from './setup.ts';

let ingestion: Ingestion;
let service: ServiceProcess;

beforeAll(async () => {
  ingestion = await freshIngestion({ partitions: 1 });
  service = await ingestion.start();
});

afterAll(() => ingestion.close());

afterEach(async () => {
  expect((await fetch(`${service.url}/livez`)).status).toBe(200);
});

const view = { eventType: 'view', userId: 'u1', productId: 'p1' };

describe('an event that is wrong', () => {
  it.each(badEvents)('is told its field and the reason: $what', async ({ event, field, reason }) => {
    const answer = await post(`${service.url}/v1/events`, event);
    const code =
      /^user_?id$/i.test(field) && !/required/.test(String(reason)) ? 'INVALID_USER_ID' : 'INVALID_INPUT';
    expect(answer).toMatchObject({ status: 400, body: { error: { code, details: { field } } } });
    expect(answer.body.error.details.reason).toMatch(reason);
  });

  it('is kept as a dead letter with reason, field and its bytes', async () => {
    const letters = await ingestion.rows('ecom.dead-letter.v1');
    expect(letters).toHaveLength(badEvents.length);
    for (const letter of letters) {
      expect(letter).toMatchObject({ stage: 'collector', field: expect.any(String), source_topic: null });
      expect(letter.value?.length).toBeGreaterThan(0);
      expect(letter.value?.length).toBeLessThanOrEqual(65_536);
    }
    expect(new Set(letters.map(({ reason }) => reason))).toContain('timestamp_too_late');
  });

  it('does not keep the rest of its batch from passing', async () => {
    const bodies = badEvents.map(({ event }) => (typeof event === 'string' ? event : JSON.stringify(event)));
    const good = bodies.map((_, index) => JSON.stringify({ ...view, eventId: `good-${index}` }));
    const all = bodies.flatMap((bad, index) => [bad, good[index]]);
    const answer = await post(`${service.url}/v1/events:batch`, `[${all.join(',')}]`);
    expect(answer).toMatchObject({ status: 207, body: { accepted: good.length, refused: bodies.length } });
    const stored = (await ingestion.rows('ecom.clickstream.v1')).filter(({ event_id }) =>
      event_id?.startsWith('good-'),
    );
    expect(stored).toHaveLength(good.length);
  });

  it('is told which header is wrong', async () => {
    const answer = await post(`${service.url}/v1/events`, view, { 'x-namespace': 'No Such' });
    expect(answer.body.error.details.field).toBe('X-Namespace');
  });
});

it('keys that would change a prototype are only keys, or nothing', async () => {
  const body =
    '{"eventType":"view","userId":"u","eventId":"proto","metadata":{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"toString":"t"},"__proto__":{"userId":"evil"}}';
  expect((await post(`${service.url}/v1/events`, body)).status).toBe(202);
  const row = (await ingestion.rows('ecom.clickstream.v1')).find(({ event_id }) => event_id === 'proto');
  expect(row?.user_id).toBe('u');
  expect(Object.keys(row?.properties ?? {})).toContain('toString');
});
