import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enrichedEvent, eventually, noonMs } from '@shopstream/testkit';
import { freshStage, type Stage } from '@shopstream/testkit-streams';

let stage: Stage;

beforeAll(async () => {
  stage = await freshStage('sessionizer', {
    topics: [
      'ecom.events-enriched.v1',
      'ecom.user-sessions.v1',
      'ecom.sessionizer-changelog.v1',
      'ecom.late.v1',
      'ecom.dead-letter.v1',
    ],
  });
});

afterAll(() => stage.close());

const SESSIONS = 12;
const HALF_HOUR_MS = 1_800_000;

/** A click a second of each session in turn: 12 seconds apart within one. */
const clicks = (from: number, count: number) =>
  Array.from({ length: count }, (_, k) => ({
    topic: 'ecom.events-enriched.v1' as const,
    value: enrichedEvent({
      event_id: `e${from + k}`,
      session_id: `s${(from + k) % SESSIONS}`,
      event_type: 'click',
      timestamp: noonMs + (from + k) * 1_000,
    }),
  }));

describe('the sessionizer', () => {
  it('gives each session one final row a window, exact also when it is stopped and started in between', async () => {
    const first = await stage.start();
    await stage.send(clicks(0, 2_400));
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    await stage.send(clicks(2_400, 1_200));
    await stage.start();
    // An hour and a half later: both windows are over for every session.
    await stage.send(clicks(9_000, SESSIONS));
    await eventually(async () => {
      const rows = (await stage.rows('ecom.user-sessions.v1')).filter((row) => row.is_final);
      const counts = rows
        .map((row) => `${row.session_id} ${row.session_start - noonMs} ${row.clicks}`)
        .sort();
      const expected = Array.from({ length: SESSIONS }, (_, i) => [
        `s${i} 0 150`,
        `s${i} ${HALF_HOUR_MS} 150`,
      ]);
      expect(counts).toEqual(expected.flat().sort());
    });
    expect(await stage.rows('ecom.late.v1')).toEqual([]);
  });
});
