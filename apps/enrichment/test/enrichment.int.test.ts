import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanEvent, eventually, noonMs, productVersion } from '@shopstream/testkit';
import { freshStage, type Stage } from '@shopstream/testkit-streams';

const TOPICS = [
  'ecom.events-clean.v1',
  'ecom.products.v1',
  'ecom.events-enriched.v1',
  'ecom.enrichment-changelog.v1',
  'ecom.dead-letter.v1',
] as const;

let stage: Stage;

beforeAll(async () => {
  stage = await freshStage('enrichment', { topics: TOPICS });
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

  it('joins an event with every version appended before it, and with none appended after it', async () => {
    const own = await freshStage('enrichment', { topics: TOPICS });
    const product = (name: string, minute: number) => ({
      topic: 'ecom.products.v1' as const,
      value: productVersion({ name, version: minute, valid_from: noonMs + minute * 60_000 }),
    });
    const event = (id: string, minute: number) => ({
      topic: 'ecom.events-clean.v1' as const,
      value: cleanEvent({ event_id: id, timestamp: noonMs + minute * 60_000 }),
    });
    const expected: string[] = [];
    // What lies in the topics before the service runs: the version of minute 0 came late for the event before it.
    await own.send([event('before', 0)]);
    await own.send([product('version 0', 0)]);
    await own.send([event('after', 0)]);
    expected.push('before null', 'after version 0');
    await own.start();
    for (let minute = 1; minute <= 12; minute += 1) {
      await own.send([product(`version ${minute}`, minute)]);
      await own.send([event(`event ${minute}`, minute), event(`late ${minute}`, minute - 1)]);
      expected.push(`event ${minute} version ${minute}`, `late ${minute} version ${minute - 1}`);
    }
    await eventually(async () => {
      const rows = await own.rows('ecom.events-enriched.v1');
      expect(rows.map((row) => `${row.event_id} ${row.product_name}`)).toEqual(expected);
    });
    await own.close();
  });
});
