import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enrichedEvent, eventually, noonMs } from '@shopstream/testkit';
import { freshStage, type Stage } from '@shopstream/testkit-streams';

let stage: Stage;

beforeAll(async () => {
  stage = await freshStage('popularity', {
    topics: [
      'ecom.events-enriched.v1',
      'ecom.product-popularity.v1',
      'ecom.popularity-partials.v1',
      'ecom.popularity-split-changelog.v1',
      'ecom.popularity-changelog.v1',
      'ecom.late.v1',
      'ecom.dead-letter.v1',
    ],
  });
});

afterAll(() => stage.close());

const SHOPPERS = 12;

/** A view a second, each by the next of twelve shoppers, of one of two products. */
const views = (from: number, count: number) =>
  Array.from({ length: count }, (_, k) => ({
    topic: 'ecom.events-enriched.v1' as const,
    value: enrichedEvent({
      event_id: `e${from + k}`,
      session_id: `s${(from + k) % SHOPPERS}`,
      user_identifier: `u${(from + k) % SHOPPERS}`,
      product_id: `p${(from + k) % 2}`,
      timestamp: noonMs + (from + k) * 1_000,
    }),
  }));

describe('popularity', () => {
  it('counts a product over all sessions, exact also when it is stopped and started in between', async () => {
    const first = await stage.start();
    await stage.send(views(0, 400));
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    await stage.send(views(400, 200));
    await stage.start();
    await stage.send(views(3_600, SHOPPERS));
    await eventually(async () => {
      const rows = (await stage.rows('ecom.product-popularity.v1')).filter((row) => row.is_final);
      const counts = rows.map((row) => [
        row.product_id,
        row.window_start - noonMs,
        row.views,
        row.unique_users,
        row.popularity_score,
      ]);
      const expected = ['p0', 'p1'].flatMap((id) => [
        [id, 0, 150, 6, 150],
        [id, 300_000, 150, 6, 150],
      ]);
      expect(counts.map(String).sort()).toEqual(expected.map(String).sort());
    });
    expect(await stage.rows('ecom.late.v1')).toEqual([]);
  });
});
