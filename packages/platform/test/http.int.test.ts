import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { envelope, startHttpHost } from './fixtures/http-host.ts';

let host: Awaited<ReturnType<typeof startHttpHost>>;

beforeAll(async () => {
  host = await startHttpHost();
});
afterAll(() => host.stop());

describe('a value that breaks the schema', () => {
  it('is answered with the field and the reason', async () => {
    const answer = await host.post('{"items":[{"price":1},{"price":"2"}]}');
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      envelope('INVALID_INPUT', {
        field: 'items[1].price',
        reason: 'Invalid input: expected number, received string',
      }),
    );
  });

  it('has all its problems listed when there are several', async () => {
    const answer = await host.post('{"items":[{}],"colour":"red"}');
    expect(answer.body.error.details).toEqual({
      field: 'items[0].price',
      reason: 'Invalid input: expected number, received undefined',
      errors: [
        { field: 'items[0].price', reason: 'Invalid input: expected number, received undefined' },
        { field: 'colour', reason: 'is not a known field' },
      ],
    });
  });

  it('has a code of its own when it is the user id', async () => {
    expect((await host.post('{"user_id":7}')).body).toEqual(
      envelope('INVALID_USER_ID', { field: 'user_id', reason: expect.any(String) }),
    );
  });

  it('is the same for a zod error that a route lets through', async () => {
    expect(await host.request('/zod')).toMatchObject({
      status: 400,
      body: envelope('INVALID_INPUT', { field: 'items', reason: expect.any(String) }),
    });
  });
});

describe('every answer', () => {
  it('carries the request id of the caller', async () => {
    const answer = await host.request('/none', { headers: { 'X-Request-Id': 'trace-1:2' } });
    expect(answer.headers.get('x-request-id')).toBe('trace-1:2');
    expect(answer.body.error.request_id).toBe('trace-1:2');
  });

  it('carries a new request id when the caller has none, or a harmful one', async () => {
    const answer = await host.request('/things/1', { headers: { 'X-Request-Id': '<script>' } });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{24}$/);
  });

  it('names neither the framework nor an entity tag', async () => {
    const { headers } = await host.request('/things/1');
    expect([headers.get('x-powered-by'), headers.get('etag')]).toEqual([null, null]);
  });
});

describe('an error', () => {
  it('on an unknown path is NOT_FOUND', async () => {
    expect(await host.request('/none')).toMatchObject({ status: 404, body: envelope('NOT_FOUND') });
  });

  it('on a known path with another method names the methods allowed', async () => {
    const answer = await host.request('/things', { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 405, body: envelope('METHOD_NOT_ALLOWED') });
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('in the encoding of a path is INVALID_INPUT', async () => {
    expect(await host.request('/things/%E0%A4%A')).toMatchObject({
      status: 400,
      body: envelope('INVALID_INPUT', { field: 'path', reason: expect.any(String) }),
    });
  });

  it('thrown with details and headers keeps both', async () => {
    const answer = await host.request('/limited');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.body).toEqual(envelope('RATE_LIMITED', { limit: 60, remaining: 0 }));
  });

  it('that is our own doing is logged under the request id and tells the client nothing', async () => {
    const answer = await host.request('/bug');
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual(envelope('INTERNAL_ERROR'));
    expect(JSON.stringify(answer.body)).not.toContain('s3cret');
    expect(host.logged.some((line) => line.includes(answer.body.error.request_id))).toBe(true);
  });

  it('in the client, which hangs up in mid-body, leaves the service up', async () => {
    const { hostname, port } = new URL(host.url);
    const socket = connect(Number(port), hostname);
    socket.end('POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a":');
    await new Promise((resolve) => socket.once('close', resolve).resume());
    expect((await host.request('/things/1')).status).toBe(200);
  });
});
