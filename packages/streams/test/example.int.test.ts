import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { enrichedEvent, eventually, noonMs } from '@shopstream/testkit';
import { categoryPopularity } from '../example/category-popularity.ts';
import { freshStreams, readAll } from './setup.ts';

const HOUR_MS = 3_600_000;
const example = readFileSync(new URL('../example/category-popularity.ts', import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is what its file holds, in less than 60 lines', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain('```ts\n' + example + '```');
    expect(example.split('\n').length).toBeLessThan(60);
  });

  it('counts what lies in several partitions', async () => {
    const { streams } = await freshStreams({ partitions: 2 });
    const stages = streams.createTwoStepStage(categoryPopularity, {
      interimMs: 1_000,
      idleMs: 60_000,
      maxOpenWindows: 1_000,
    });
    for (const stage of stages) await stage.start();
    const producer = streams.createProducer({ topics: ['ecom.events-enriched.v1'] });
    await producer.start();
    const event = (index: number, timestamp: number) => ({
      topic: 'ecom.events-enriched.v1' as const,
      value: enrichedEvent({
        event_id: `e${index}`,
        session_id: `s${index % 8}`,
        user_identifier: `u${index % 4}`,
        event_type: index % 2 === 0 ? 'page_view' : 'click',
        product_category: index < 12 ? 'shoes' : 'hats',
        timestamp,
      }),
    });
    const visits = Array.from({ length: 16 }, (_, index) => event(index, noonMs + index));
    const later = Array.from({ length: 8 }, (_, index) => event(index, noonMs + 2 * HOUR_MS));
    await producer.send([...visits, ...later]);
    await eventually(async () => {
      const rows = (await readAll(streams, 'ecom.product-popularity.v1')).map(({ value }) => value);
      const finals = rows.filter((row) => row !== null && 'is_final' in row && row.is_final);
      expect(finals).toHaveLength(2);
      expect(finals).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            product_category: 'shoes',
            total_interactions: 12,
            views: 6,
            unique_users: 4,
          }),
          expect.objectContaining({
            product_category: 'hats',
            total_interactions: 4,
            views: 2,
            unique_users: 4,
          }),
        ]),
      );
    });
    await producer.stop();
    for (const stage of stages) await stage.stop();
    await streams.admin.stop();
  });
});
