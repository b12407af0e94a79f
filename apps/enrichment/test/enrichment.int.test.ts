import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanEvent, eventually, noonMs, productVersion } from '@shopstream/testkit';
import { freshStage, type Stage } from '@shopstream/testkit-streams';

let stage: Stage;

beforeAll(async () => {
  stage = await freshStage('enrichment', {
    topics: [
      'ecom.events-clean.v1',
      'ecom.products.v1',
      'ecom.events-enriched.v1',
      'ecom.enrichment-changelog.v1',
      'ecom.dead-letter.v1',
    ],
  });
});

afterAll(() => stage.close());

const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, k) => ({
    topic: 'ecom.events-clean.v1' as const,
    value: cleanEvent({
      event_id: `e${from + k}`,
      session_id: `s${(from + k) % 7}`,
      timestamp: noonMs + from + k,
    }),
  }));

describe('enrichment', () => {
  it('joins the version of event time, and after a SIGTERM goes on where it was', async () => {
    const versions = [
      productVersion({ version: 1, name: 'old' }),
      productVersion({ version: 2, name: 'new', valid_from: noonMs + 100 }),
    ];
    await stage.send(versions.map((value) => ({ topic: 'ecom.products.v1' as const, value })));
    await stage.send(events(0, 150));

    const first = await stage.start();
    await stage.send(events(150, 500));
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    await stage.send(events(650, 50));
    await stage.start();
    await eventually(async () => {
      const rows = await stage.rows('ecom.events-enriched.v1');
      const names = rows.map((row) => `${row.event_id} ${row.product_name}`).sort();
      const expected = Array.from({ length: 700 }, (_, i) => `e${i} ${i < 100 ? 'old' : 'new'}`).sort();
      expect(names).toEqual(expected);
    });
  });
});
