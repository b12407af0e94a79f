import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enrichedEvent, noonMs, testSettings } from '@shopstream/testkit';
import { type FreshTopics, freshTopics } from '../differential/our-stages.ts';
import { buildNext } from '../platform/next-build.ts';
import { run } from '../platform/run.ts';

const EVENTS = 300;
const model = 'apps/sessionizer/src/domain/session-aggregate.ts';

let topics: FreshTopics;
let env: Record<string, string>;

beforeAll(async () => {
  topics = await freshTopics('shadow', 2);
  env = { ...testSettings(), KAFKA_TOPIC_PREFIX: topics.prefix };
  const producer = topics.streams.createProducer({ topics: ['ecom.events-enriched.v1'] });
  await producer.start();
  await producer.send(
    Array.from({ length: EVENTS }, (_, i) => ({
      topic: 'ecom.events-enriched.v1' as const,
      value: enrichedEvent({
        event_id: `e${i}`,
        session_id: `s${i % 7}`,
        event_type: i % 3 === 0 ? 'click' : 'page_view',
        timestamp: noonMs + i * 30_000,
      }),
    })),
  );
  await producer.stop();
}, 60_000);

afterAll(async () => {
  await topics.streams.admin.removeAll();
  await topics.streams.admin.stop();
}, 60_000);

async function shadow(...args: string[]) {
  const { code, stdout, stderr } = await run(
    ['apps/cli/dist/main.js', 'shadow', 'sessionizer', ...args, '--json'],
    env,
  );
  if (stdout === '') throw new Error(stderr);
  return { code, results: JSON.parse(stdout) as { topic: string; today: number; examples: unknown[] }[] };
}

describe('a shadow run', () => {
  it('finds builds equal that are, removes its topics, and exits with 0', async () => {
    const { code, results } = await shadow('--build', 'apps/sessionizer');
    expect(code).toBe(0);
    const sessions = results.find(({ topic }) => topic === 'ecom.user-sessions.v1');
    expect(sessions).toMatchObject({ equal: sessions?.today, missing: 0, extra: 0, different: 0 });
    expect(sessions?.today).toBeGreaterThan(7);
    expect((await topics.streams.admin.lag()).map(({ group }) => group)).toEqual([]);
  }, 120_000);

  it('tells which columns another build makes differently, and exits with 1', async () => {
    const file = await buildNext(
      'sessionizer',
      { [model]: (source) => source.replace('clicks: state.clicks,', 'clicks: state.clicks * 2,') },
      { version: 'next-clicks' },
    );
    const { code, results } = await shadow('--build', file, '--from', '0:10', '--examples', '1');
    expect(code).toBe(1);
    const sessions = results.find(({ topic }) => topic === 'ecom.user-sessions.v1');
    expect(sessions).toMatchObject({ missing: 0, extra: 0, equal: 0, different: sessions?.today });
    expect(sessions?.examples).toEqual([
      {
        kind: 'different',
        key: expect.stringContaining('"default","s'),
        columns: { clicks: { today: expect.any(Number), other: expect.any(Number) } },
      },
    ]);
  }, 120_000);

  it('tells which rows another build leaves out or adds', async () => {
    const file = await buildNext(
      'sessionizer',
      { [model]: (source) => source.replace('country: country ?? null,', "country: 'XX',") },
      { version: 'next-country' },
    );
    const { code, results } = await shadow('--build', file);
    expect(code).toBe(1);
    const sessions = results.find(({ topic }) => topic === 'ecom.user-sessions.v1');
    expect(sessions).toMatchObject({ equal: 0, missing: sessions?.today, extra: sessions?.today });
  }, 120_000);
});
