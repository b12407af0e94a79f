import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceProcess } from '@shopstream/testkit';
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
const paths = ['/v1/events', '/v1/events:batch', '/v1/interactions'];

describe('a request that cannot be read', () => {
  it.each(
    paths.flatMap((path) => [
      { path, what: 'malformed JSON', body: '{"eventType": "view",}', reason: /malformed JSON.*position/ },
      { path, what: 'no body', body: '', reason: /empty/ },
      {
        path,
        what: 'invalid UTF-8',
        body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
        reason: /UTF-8/,
      },
      { path, what: 'a truncated body', body: '{"eventType":"view"', reason: /malformed JSON/ },
      { path, what: 'malformed deep nesting', body: '['.repeat(900_000), reason: /malformed JSON/ },
    ]),
  )('is refused whole: $what at $path', async ({ path, body, reason }) => {
    const answer = await post(`${service.url}${path}`, body);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: { code: 'INVALID_INPUT', details: { field: 'body', reason: expect.stringMatching(reason) } },
      },
    });
    expect(answer.body.error.request_id).toBe(answer.headers.get('x-request-id'));
  });

  it.each(paths)('is refused with its limit when it has 10 MB, at %s', async (path) => {
    const answer = await post(
      `${service.url}${path}`,
      JSON.stringify({ ...view, x: 'y'.repeat(10_000_000) }),
    );
    expect(answer).toMatchObject({
      status: 413,
      body: {
        error: {
          code: 'PAYLOAD_TOO_LARGE',
          details: { field: 'body', reason: expect.stringMatching(/at most \d+ bytes/) },
        },
      },
    });
  });

  it.each([
    {
      what: '1,001 events',
      body: { events: Array(1_001).fill(view) },
      field: 'events',
      reason: /at most 1000/,
    },
    { what: 'a bare list of 1,001', body: Array(1_001).fill(view), field: 'events', reason: /at most 1000/ },
    { what: 'no events', body: { events: [] }, field: 'events', reason: /at least one/ },
    { what: 'no list', body: { events: 'all' }, field: 'events', reason: /list of events/ },
    { what: 'a missing list', body: {}, field: 'events', reason: /list of events/ },
    { what: 'null', body: 'null', field: 'body', reason: /./ },
    { what: 'a number', body: '7', field: 'body', reason: /./ },
  ])('is refused as a batch: $what', async ({ body, field, reason }) => {
    const answer = await post(`${service.url}/v1/events:batch`, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_INPUT', details: { field } } },
    });
    expect(answer.body.error.details.reason).toMatch(reason);
  });

  it('is answered in the envelope for other methods and paths', async () => {
    const wrongMethod = await fetch(`${service.url}/v1/events:batch`);
    expect(wrongMethod.status).toBe(405);
    expect(await wrongMethod.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
    expect(await post(`${service.url}/v1/event`, view)).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND' } },
    });
  });
});
