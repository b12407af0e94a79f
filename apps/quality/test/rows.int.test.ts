import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CleanEvent, QualityResult, UserSession } from '@shopstream/contracts';
import { type ServiceProcess, cleanEvent, eventually, noonMs } from '@shopstream/testkit';
import { type Platform, freshPlatform } from './setup.ts';

let platform: Platform;
let quality: ServiceProcess;

beforeAll(async () => {
  platform = await freshPlatform();
  quality = await platform.start('quality');
});

afterAll(() => platform.close());

const clean = (columns: Partial<CleanEvent> = {}) => ({
  topic: 'ecom.events-clean.v1' as const,
  value: cleanEvent(columns),
});

const session = (columns: Partial<UserSession>) => ({
  topic: 'ecom.user-sessions.v1' as const,
  value: {
    session_id: 's1',
    user_identifier: 'u1',
    device_type: 'mobile',
    country: 'DE',
    session_start: noonMs,
    session_end: noonMs + 1_800_000,
    event_count: 1,
    pages_viewed: 1,
    page_views: 1,
    clicks: 0,
    add_to_carts: 0,
    purchases: 0,
    searches: 0,
    categories_browsed: [],
    max_product_price: null,
    avg_product_price: null,
    namespace: 'default',
    is_final: true,
    revision: 1,
    ...columns,
  },
});

/** Writes rows again and again until what they lead to has happened. */
const sendUntil = (rows: () => Promise<void>, happened: () => void | Promise<void>) =>
  eventually(
    async () => {
      await rows();
      await happened();
    },
    { intervalMs: 300 },
  );

async function nextLooks(count: number): Promise<void> {
  const from = await platform.looksOf(quality);
  await eventually(async () => expect(await platform.looksOf(quality)).toBeGreaterThanOrEqual(from + count));
}

async function resultsOf(test: string): Promise<QualityResult[]> {
  const rows: QualityResult[] = [];
  await platform.streams.readLog(
    { topic: 'ecom.quality-results.v1', from: 'beginning', until: 'now' },
    ({ value }) => {
      if (value !== null && !(value instanceof Error) && value.test === test) rows.push(value);
    },
  );
  return rows;
}

describe('a bad row', () => {
  const tests = [
    'events_schema/not_null/session_id',
    'events_schema/accepted_values/device_type',
    'events_schema/range/timestamp',
    'sessions_quality/range/event_count',
  ];

  it('is told of once a test, not again while it lasts, and then its recovery', async () => {
    const { taken } = platform.webhook;
    const sendBad = () =>
      platform.send(
        clean({ session_id: ' ', device_type: 'toaster', timestamp: 5 }),
        session({ event_count: 10_001 }),
      );
    await sendBad();
    await eventually(() => expect(tests.flatMap(taken)).toEqual(tests.map((test) => `ERROR ${test}`)));
    await sendBad();
    await nextLooks(2);
    await sendUntil(
      () => platform.send(clean({ device_type: null }), session({ event_count: 10_000 })),
      () => expect(tests.flatMap(taken)).toHaveLength(2 * tests.length),
    );
    for (const test of tests) expect(taken(test)).toEqual([`ERROR ${test}`, `RECOVERED ${test}`]);
    expect(taken('events_schema/readable')).toEqual([]);
  });

  it('leaves rows in the topic of results that say level, what was found and what people know, but no contents', async () => {
    await eventually(async () => {
      const rows = await resultsOf('events_schema/accepted_values/device_type');
      const standings = rows.map(({ level, notified }) => `${level} ${notified}`);
      expect(standings.slice(-4)).toEqual(['error pass', 'error error', 'pass error', 'pass pass']);
      expect(rows.at(-4)?.detail).toMatch(/1 of \d+ rows? have another device_type/);
    });
    expect(platform.webhook.texts().join('\n')).not.toContain('toaster');
  });
});

describe('bytes that are no row', () => {
  it('break the test of readability alone, and stop nothing', async () => {
    const { taken } = platform.webhook;
    await platform.sendBytes('ecom.events-clean.v1', ['poison', Buffer.from([0, 0, 0, 99, 99, 1])]);
    await eventually(() => expect(taken('events_schema/readable')).toEqual(['ERROR events_schema/readable']));
    await sendUntil(
      () => platform.send(clean()),
      () => expect(taken('events_schema/readable')).toHaveLength(2),
    );
    expect(taken('events_schema/not_null/event_id')).toEqual([]);
  });
});

describe('an open alert', () => {
  const refusals = Array.from({ length: 1_000 }, () => 500);
  const test = 'sessions_quality/not_null/session_id';
  const sendBad = () => platform.send(session({ session_id: '' }));

  it('is not told of again after a restart, a kill among them; its recovery is', async () => {
    const { taken } = platform.webhook;
    await sendBad();
    await eventually(() => expect(taken(test)).toEqual([`ERROR ${test}`]));
    // Known to people and to the topic: what was told but not written down would be told again.
    await eventually(async () => expect((await resultsOf(test)).at(-1)?.notified).toBe('error'));
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const { code } = await quality.stop(signal);
      if (signal === 'SIGTERM') expect(code).toBe(0);
      quality = await platform.start('quality');
      await nextLooks(3);
      expect(taken(test)).toEqual([`ERROR ${test}`]);
    }
    await sendUntil(
      () => platform.send(session({ event_count: 3 })),
      () => expect(taken(test)).toEqual([`ERROR ${test}`, `RECOVERED ${test}`]),
    );
  });

  it('is told of once the webhook takes messages again; meanwhile tests go on', async () => {
    const { webhook } = platform;
    const before = webhook.taken(test).length;
    webhook.answerWith(...refusals);
    await sendBad();
    await eventually(() => expect(webhook.refused()).toBeGreaterThan(1));
    await nextLooks(3);
    expect(webhook.taken(test)).toHaveLength(before);
    webhook.answerWith();
    await eventually(() => expect(webhook.taken(test).slice(before)).toEqual([`ERROR ${test}`]));
  });

  it('that nobody was told of is told of after a restart', async () => {
    const { webhook } = platform;
    await sendUntil(
      () => platform.send(session({ event_count: 3 })),
      () => expect(webhook.taken(test).at(-1)).toBe(`RECOVERED ${test}`),
    );
    const before = webhook.taken(test).length;
    webhook.answerWith(...refusals);
    await sendBad();
    await eventually(async () =>
      expect((await resultsOf(test)).at(-1)).toMatchObject({ level: 'error', notified: 'pass' }),
    );
    await quality.stop();
    webhook.answerWith();
    quality = await platform.start('quality');
    await eventually(() => expect(webhook.taken(test).slice(before)).toEqual([`ERROR ${test}`]));
  });
});
