import { describe, expect, it } from '@jest/globals';
import { createLogger, createMetrics, parseEnv } from '@shopstream/platform';
import { createStreams, kafkaConfigShape } from '@shopstream/streams';
import { testSettings, uniqueName } from '@shopstream/testkit';
import { z } from 'zod';
import { runCli, toLines } from './run-cli.ts';

/** Nothing listens on port 1. */
const nowhere = { GATEWAY_URL: 'http://127.0.0.1:1', CATALOG_URL: 'http://127.0.0.1:1' };
const env = { KAFKA_TOPIC_PREFIX: `${uniqueName('cli_doctor')}.`, ...nowhere };

async function examine(changes: Record<string, string> = {}) {
  const { code, out, err } = await runCli(['doctor', '--json'], { ...env, ...changes });
  const findings = toLines(out);
  return { code, err, findings, of: (name: string) => findings.find((finding) => finding['name'] === name) };
}

describe('doctor', () => {
  it('asks every server in its own protocol, and says which topics are missing and how to get them', async () => {
    const { code, of } = await examine();
    expect(code).toBe(1);
    for (const name of ['Node.js', 'Kafka', 'schema registry', 'Cassandra', 'Redis', 'PostgreSQL']) {
      expect(of(name)).toMatchObject({ ok: true });
    }
    expect(of('ecom.clickstream.v1')).toMatchObject({
      ok: false,
      detail: 'missing',
      advice: '`npm run provision` creates it',
    });
    expect(of('serving')).toMatchObject({ ok: false, detail: 'nothing listens on http://127.0.0.1:1' });
  });

  it('finds topics and schemas in order once they are there', async () => {
    const config = parseEnv(z.object(kafkaConfigShape), { ...testSettings(), ...env });
    const logger = createLogger({ name: 'test', level: 'silent' });
    const streams = createStreams(config, { name: 'test', logger, metrics: createMetrics('test') });
    await streams.registerSchemas();
    await streams.admin.createTopics();
    await streams.admin.stop();
    const { of } = await examine();
    expect(of('topics')).toMatchObject({ ok: true });
    expect(of('schemas')).toMatchObject({ ok: true });
  });

  it('tells a server that is away from another program on its port', async () => {
    const registryAsRedis = testSettings().SCHEMA_REGISTRY_URL.replace(/^http:(.*?:\d+).*$/, 'redis:$1');
    const { code, of } = await examine({ REDIS_URL: registryAsRedis, KAFKA_BROKERS: '127.0.0.1:1' });
    expect(code).toBe(1);
    expect(of('Redis')).toMatchObject({
      ok: false,
      advice: expect.stringContaining('another program has port'),
    });
    expect(of('Kafka')).toMatchObject({ ok: false, detail: 'nothing listens on 127.0.0.1:1' });
    expect(of('topics')).toBeUndefined();
  });

  it('names every setting that cannot be used', async () => {
    const { code, err } = await examine({ REDIS_URL: 'nonsense', GATEWAY_URL: 'nonsense' });
    expect(code).toBe(1);
    expect(err).toContain('REDIS_URL: must be a redis:// or rediss:// URL');
    expect(err).toContain('GATEWAY_URL: ');
  });
});
