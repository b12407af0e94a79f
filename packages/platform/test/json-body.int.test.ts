import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { envelope, startHttpHost } from './fixtures/http-host.ts';

let host: Awaited<ReturnType<typeof startHttpHost>>;

beforeAll(async () => {
  host = await startHttpHost();
});
afterAll(() => host.stop());

describe('a JSON body', () => {
  it('is taken whatever its content type, its raw bytes at hand', async () => {
    const sent = await host.request('/things', {
      method: 'POST',
      body: '{"items":[{"price":1}]}',
      headers: { 'Content-Type': 'text/plain' },
    });
    expect(sent).toMatchObject({ status: 202, body: { value: { items: [{ price: 1 }] }, bytes: 23 } });
  });

  it('may be compressed', async () => {
    expect(await host.post(Uint8Array.from(gzipSync('{}')), { 'Content-Encoding': 'gzip' })).toMatchObject({
      status: 202,
      body: { bytes: 2 },
    });
  });

  it.each([
    ['a missing comma', '{"a":1 "b":2}', 'comma expected at position 7 (line 1, column 8)'],
    ['a bare word', 'hello', 'invalid symbol at position 0 (line 1, column 1)'],
    ['a cut end', '{"a":\n [1,', 'value expected at position 10 (line 2, column 5)'],
    ['a trailing comma', '[1,]', 'value expected at position 3 (line 1, column 4)'],
    ['a comment', '{} // no', 'invalid comment token at position 3 (line 1, column 4)'],
    ['two values', '{} {}', 'end of file expected at position 3 (line 1, column 4)'],
  ])('with %s is refused with the position', async (_what, text, reason) => {
    const answer = await host.post(text);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      envelope('INVALID_INPUT', { field: 'body', reason: `malformed JSON: ${reason}` }),
    );
  });

  it.each([
    ['nothing in it', '', {}, 'the body is empty'],
    ['invalid UTF-8', Uint8Array.from([0x22, 0xc3, 0x28, 0x22]), {}, 'the body is not valid UTF-8'],
    [
      'another charset',
      '{}',
      { 'Content-Type': 'application/json; charset=latin1' },
      'charset latin1 is not supported, only UTF-8 is',
    ],
    ['a broken gzip', 'no gzip', { 'Content-Encoding': 'gzip' }, expect.any(String)],
  ])('with %s is refused', async (_what, body, headers, reason) => {
    const answer = await host.post(body, headers);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(envelope('INVALID_INPUT', { field: 'body', reason }));
  });

  it.each([
    ['sent as it is', 'x'.repeat(10_000_000), {}],
    [
      'small only while compressed',
      Uint8Array.from(gzipSync('1'.repeat(1_001))),
      { 'Content-Encoding': 'gzip' },
    ],
  ])('over the limit is refused with the limit, %s', async (_what, body, headers) => {
    const answer = await host.post(body, headers);
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual(
      envelope('PAYLOAD_TOO_LARGE', { field: 'body', reason: 'must be at most 1000 bytes', limit: 1_000 }),
    );
  });

  it('in an unknown encoding is refused', async () => {
    expect(await host.post('{}', { 'Content-Encoding': 'zip' })).toMatchObject({
      status: 415,
      body: envelope('UNSUPPORTED_MEDIA_TYPE', expect.anything()),
    });
  });

  it('cannot reach a prototype', async () => {
    const sent = await host.request('/echo', { method: 'POST', body: '{"__proto__":{"admin":true},"a":1}' });
    expect(sent.body).toEqual({ a: 1 });
  });
});
