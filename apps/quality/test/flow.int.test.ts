import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanEvent, eventually } from '@shopstream/testkit';
import { type Platform, freshPlatform } from './setup.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await freshPlatform();
  await platform.start('quality');
});

afterAll(() => platform.close());

const clean = () => ({ topic: 'ecom.events-clean.v1' as const, value: cleanEvent() });
const lag = 'events_enriched/max_lag/enrichment';
const freshness = 'events_enriched/freshness';

describe('a stage that has stopped', () => {
  it('is told of when rows have waited for half a minute, once, and when it has caught up', async () => {
    const { taken } = platform.webhook;
    const stage = await platform.start('enrichment');
    await platform.send(clean(), clean());
    const enrichedRows = async () => {
      const ends = await platform.streams.admin.endOffsets('ecom.events-enriched.v1');
      return [...ends.values()].some(({ high }) => high > 0n);
    };
    await eventually(async () => expect(await enrichedRows()).toBe(true));
    await stage.stop();
    await platform.send(clean(), clean(), clean());
    await eventually(() => expect(taken(lag)).toEqual([`ERROR ${lag}`]));
    await eventually(() => expect(taken(freshness)).toEqual([`WARNING ${freshness}`]));
    await platform.start('enrichment');
    await eventually(() => expect(taken(lag)).toEqual([`ERROR ${lag}`, `RECOVERED ${lag}`]));
    await eventually(() =>
      expect(taken(freshness)).toEqual([`WARNING ${freshness}`, `RECOVERED ${freshness}`]),
    );
  });

  it('is the only one that is told of: what it does not write is no fault of those behind it', () => {
    const others = ['product_popularity/max_lag/popularity', 'events_freshness/max_lag/cleaning'];
    expect(others.flatMap(platform.webhook.taken)).toEqual([]);
  });

  it('leaves a shop that never had an event without a word of silence', () => {
    expect(platform.webhook.taken('clickstream/freshness')).toEqual([]);
  });
});
