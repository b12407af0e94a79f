import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type WebhookServer, startWebhook } from '../../test/webhook.ts';
import { createSlackWebhook } from './slack-webhook.ts';

let server: WebhookServer;
let stopping: AbortController;
let failures: number;
const webhook = () =>
  createSlackWebhook(server.url, { signal: stopping.signal, onFailure: () => (failures += 1) });

beforeEach(async () => {
  server = await startWebhook();
  stopping = new AbortController();
  failures = 0;
});

afterEach(() => server.stop());

describe('the webhook', () => {
  it('gets the text once, as Slack wants it', async () => {
    await webhook().post('*ERROR* it');
    expect(server.texts()).toEqual(['*ERROR* it']);
    expect(failures).toBe(0);
  });

  it('is asked again after 500 and 429, until it takes the message', async () => {
    server.answerWith(500, 429);
    await webhook().post('again');
    expect(server.texts()).toEqual(['again']);
    expect({ refused: server.refused(), failures }).toEqual({ refused: 2, failures: 2 });
  });

  it('is not asked again for what it will never take, and its address is told to nobody', async () => {
    server.answerWith(404);
    const error = await webhook().post('gone').catch(String);
    expect(error).toBe('ServiceError: the webhook gave status 404');
    expect(server.refused()).toBe(1);
  });

  it('that is away is named without its address', async () => {
    const { url } = server;
    await server.stop();
    const away = createSlackWebhook(url, {
      signal: stopping.signal,
      onFailure: () => stopping.abort(),
    });
    const error = await away.post('nobody hears').catch(String);
    expect(error).not.toContain('127.0.0.1');
    server = await startWebhook();
  });

  it('is left alone as soon as the service stops', async () => {
    server.answerWith(...Array.from({ length: 9 }, () => 500));
    const posting = webhook()
      .post('never')
      .catch(() => 'given up');
    stopping.abort();
    expect(await posting).toBe('given up');
    expect(server.refused()).toBeLessThanOrEqual(1);
  });
});
