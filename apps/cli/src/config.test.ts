import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.ts';

describe('settings of the command line', () => {
  it('follow from the ports of the settings file', () => {
    const config = loadConfig({ KAFKA_PORT: '9192', REDIS_PORT: '6380' });
    expect(config.KAFKA_BROKERS).toEqual(['127.0.0.1:9192']);
    expect(config.REDIS_URL).toBe('redis://127.0.0.1:6380');
  });

  it('can be given whole, and an empty variable counts as missing', () => {
    const config = loadConfig({ KAFKA_BROKERS: 'one:9092,two:9092', KAFKA_PORT: '', GATEWAY_URL: '' });
    expect(config.KAFKA_BROKERS).toEqual(['one:9092', 'two:9092']);
    expect(config.GATEWAY_URL).toBe('http://127.0.0.1:8080');
  });

  it('are refused together, each by its name', () => {
    expect(() => loadConfig({ GATEWAY_URL: 'nowhere', REDIS_URL: 'http://x' })).toThrow(
      /GATEWAY_URL.*|REDIS_URL/,
    );
  });
});
