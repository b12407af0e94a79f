import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServiceProcess, cleanEvent, clickstreamEvent, eventually } from '@shopstream/testkit';
import { type Platform, freshPlatform } from './setup.ts';

let platform: Platform;
let quality: ServiceProcess;
let stage: ServiceProcess;

beforeAll(async () => {
  platform = await freshPlatform();
  stage = await platform.start('enrichment');
  quality = await platform.start('quality');
});

afterAll(() => platform.close());

const clean = () => ({ topic: 'ecom.events-clean.v1' as const, value: cleanEvent() });
const lag = 'events_enriched/max_lag/enrichment';
const freshness = 'events_enriched/freshness';

describe('throughput', () => {
  it('counts rows, not the markers of the transactions that they came in', async () => {
    const topic = 'ecom.events-clean.v1';
    const producer = platform.streams.createJointProducer({ topics: [topic], id: 'throughput' });
    await producer.start();
    for (let k = 0; k < 60; k += 1) await producer.send([clean(), clean()]);
    await producer.stop();
    const ends = await platform.streams.admin.endOffsets(topic);
    expect([...ends.values()].reduce((sum, { high }) => sum + Number(high), 0)).toBeGreaterThanOrEqual(180);
    await platform.send({ topic: 'ecom.clickstream.v1', value: clickstreamEvent() });
    await eventually(async () =>
      expect(await platform.valueOf(quality, 'events_freshness/throughput')).toBe(120),
    );
  });
});

describe('a stage that has stopped', () => {
  it('is told of when rows have waited for half a minute, once, and when it has caught up', async () => {
    const { taken } = platform.webhook;
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
    expect(platform.webhook.taken('product_popularity/max_lag/popularity')).toEqual([]);
  });
});
