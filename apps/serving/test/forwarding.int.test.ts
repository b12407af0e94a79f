import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startCuttableProxy } from '@shopstream/testkit';
import type { CuttableProxy } from '@shopstream/testkit';
import { servingStack, upstream } from './fixtures/serving-stack.ts';

let ingestion: Awaited<ReturnType<typeof upstream>>;
let proxy: CuttableProxy;
let stack: Awaited<ReturnType<typeof servingStack>>;

beforeAll(async () => {
  ingestion = await upstream();
  proxy = await startCuttableProxy({ host: '127.0.0.1', port: ingestion.port });
  stack = await servingStack({ INGESTION_URL: `http://127.0.0.1:${proxy.port}` });
});

afterAll(async () => {
  await stack.stop();
  await proxy.stop();
  await ingestion.stop();
});

beforeEach(() => {
  ingestion.received.length = 0;
});

async function post(path: string, body: string | Uint8Array<ArrayBuffer>, headers: object = {}) {
  const response = await fetch(`${stack.service.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('event writes', () => {
  it.each(['/v1/interactions', '/v1/events?debug=1', '/v1/events:batch'])(
    'of %s reach ingestion as they are',
    async (path) => {
      const body = '{ "user_id": "u",\n "broken": ';
      const answer = await post(path, body, {
        'X-Session-Id': 's-1',
        'X-Event-ID': 'e-1',
        'X-Request-Id': 'req_given',
        'User-Agent': 'test/1',
        'X-Forwarded-For': '203.0.113.7',
      });
      expect(answer).toMatchObject({ status: 202, text: '{"status":"accepted"}' });
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.headers.get('x-upstream')).toBe('yes');
      expect(answer.headers.get('x-request-id')).toBe('req_given');
      expect(ingestion.received).toHaveLength(1);
      expect(ingestion.received[0]).toMatchObject({
        method: 'POST',
        url: path,
        headers: {
          'content-type': 'application/json',
          'x-session-id': 's-1',
          'x-event-id': 'e-1',
          'x-request-id': 'req_given',
          'user-agent': 'test/1',
          'x-forwarded-for': '203.0.113.7, 127.0.0.1',
        },
      });
      expect(ingestion.received[0]?.body.toString()).toBe(body);
    },
  );

  it('pass compressed bytes without touching them, and refusals with their headers', async () => {
    const bytes = new Uint8Array(gzipSync('{"events":[]}'));
    const accept = ingestion.state.answer;
    ingestion.state.answer = (res) => {
      res.writeHead(429, { 'content-type': 'application/json', 'retry-after': '9' }).end('{"error":{}}');
    };
    const answer = await post('/v1/events:batch', bytes, { 'Content-Encoding': 'gzip' });
    ingestion.state.answer = accept;
    expect(answer).toMatchObject({ status: 429, text: '{"error":{}}' });
    expect(answer.headers.get('retry-after')).toBe('9');
    expect(ingestion.received[0]?.headers['content-encoding']).toBe('gzip');
    expect(ingestion.received[0]?.body).toEqual(Buffer.from(bytes));
  });

  it('over the limit are refused, announced or not', async () => {
    const large = 'x'.repeat(17 * 1_024 * 1_024);
    expect(await status({ 'Content-Length': String(large.length) }, [])).toBe(413);
    expect(await status({ 'Transfer-Encoding': 'chunked' }, [large.slice(0, 1_024), large])).toBe(413);
    expect(ingestion.received).toHaveLength(0);
    expect((await post('/v1/events', '{}')).status).toBe(202);
  });

  it('are answered 503 with Retry-After while ingestion is away, and taken again when it is back', async () => {
    await proxy.cut();
    const answer = await post('/v1/events', '{}');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { code: 'SERVICE_UNAVAILABLE', request_id: expect.any(String) },
    });
    await proxy.restore();
    expect((await post('/v1/events', '{}')).status).toBe(202);
  });

  it('are never sent twice, also when the connection breaks before the answer', async () => {
    const accept = ingestion.state.answer;
    ingestion.state.answer = (res) => {
      res.socket?.destroy();
    };
    expect((await post('/v1/events', '{}')).status).toBe(503);
    ingestion.state.answer = accept;
    expect(ingestion.received).toHaveLength(1);
  });

  it('take no other method', async () => {
    const { status: code, headers, body } = await stack.get('/v1/events:batch');
    expect(code).toBe(405);
    expect(headers.get('allow')).toBe('POST');
    expect(body.error.code).toBe('METHOD_NOT_ALLOWED');
  });
});

/** The answer's status, by a client that announces what it likes and does not mind to be cut off while sending. */
async function status(headers: Record<string, string>, chunks: string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${stack.service.url}/v1/events`, { method: 'POST', headers }, (res) => {
      res.resume();
      resolve(res.statusCode);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.flushHeaders();
    for (const chunk of chunks) sent.write(chunk);
  });
}
