import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TopicValue } from '@shopstream/contracts';
import { clickstreamEvent, enrichedEvent, eventually, uniqueName } from '@shopstream/testkit';
import { type Ingestion, startIngestion } from './ingestion.ts';
import { startCli, toLines } from './run-cli.ts';

let ingestion: Ingestion;

beforeAll(async () => {
  ingestion = await startIngestion();
});

afterAll(() => ingestion.stop());

describe('a record that a stage gave up', () => {
  it('goes back to clickstream when it is mended, and is shown as its row', async () => {
    const value = clickstreamEvent({ event_id: 'raw', session_id: null, unit_price: '2.50' });
    await ingestion.producer.send([{ topic: 'ecom.clickstream.v1', value }]);
    const place = await eventually(async () => {
      const [letter] = await ingestion.list('--stage', 'cleaning', '--reason', 'missing_session_id');
      return String((letter as { dead_letter: unknown }).dead_letter);
    });
    const [shown] = toLines((await ingestion.dlq('show', place, '--json')).out);
    expect(shown).toMatchObject({
      original: { kind: 'row', row: { event_id: 'raw', session_id: null, unit_price: 2.5 } },
    });
    await ingestion.redrive(place, '--set', 'session_id=s-raw');
    expect(await ingestion.cleanRowsOf('raw')).toMatchObject([{ session_id: 's-raw', unit_price: '2.50' }]);
    expect(await ingestion.redrive('--stage', 'cleaning', '--set', 'session_id=s-raw')).toMatchObject({
      code: 0,
    });
    expect(await ingestion.cleanRowsOf('raw')).toHaveLength(1);
  });

  const gaveUp = (
    stage: string,
    offset: number,
    value: Buffer | null,
  ): TopicValue['ecom.dead-letter.v1'] => ({
    ...{ stage, reason: 'undecodable', field: null, message: 'test', namespace: null, event_id: null },
    ...{ source_topic: 'ecom.events-enriched.v1', source_partition: 0, source_offset: offset },
    ...{ key: null, value, failed_at: Date.now() },
  });
  const bury = (letters: TopicValue['ecom.dead-letter.v1'][]) =>
    ingestion.producer.send(letters.map((value) => ({ topic: 'ecom.dead-letter.v1', value })));

  it('goes back behind cleaning only when no reader of its topic has counted it, and then once', async () => {
    const bytes = await encoded(enrichedEvent({ event_id: 'behind', session_id: 's-behind' }));
    const readers = ['sessionizer', 'popularity-split', 'interactions', 'features'];
    await bury([gaveUp('interactions', 7, bytes), ...readers.map((stage) => gaveUp(stage, 8, bytes))]);
    const { code, out } = await ingestion.redrive('--topic', 'events-enriched', '--set', 'country=FR');
    expect(code).toBe(1);
    expect(toLines(out)[0]).toMatchObject({
      redriven: [{ target: 'ecom.events-enriched.v1', event_id: 'behind' }],
      left_out: [{ reason: expect.stringMatching(/sessionizer, popularity-split, features would count/) }],
    });
    const sent = async () =>
      (await ingestion.rows('ecom.events-enriched.v1')).filter(
        (row) => row.session_id === 's-behind' && row.country === 'FR',
      );
    expect(await sent()).toHaveLength(1);
    expect(toLines((await ingestion.redrive('--topic', 'events-enriched')).out)[0]).toMatchObject({
      redriven: [],
      handled: 4,
    });
    expect(await sent()).toHaveLength(1);
  });

  /** The bytes of a row as they lie in the topic. */
  async function encoded(value: TopicValue['ecom.events-enriched.v1']): Promise<Buffer> {
    await ingestion.producer.send([{ topic: 'ecom.events-enriched.v1', value }]);
    const consumer = ingestion.streams.createConsumer({
      name: uniqueName('bytes'),
      handlers: {
        'ecom.events-enriched.v1': async (records) => {
          for (const record of records)
            if (record.value.event_id === value.event_id) found.push(record.bytes);
          return records.map(() => ({ kind: 'done' }));
        },
      },
    });
    const found: Buffer[] = [];
    await consumer.start();
    try {
      return await eventually(() => {
        const [bytes] = found;
        if (bytes === undefined) throw new Error('not read yet');
        return bytes;
      });
    } finally {
      await consumer.stop();
    }
  }

  it('whose bytes nobody can read is shown in hexadecimal digits, and left where it is', async () => {
    await bury([gaveUp('enrichment', 3, Buffer.from([0, 1, 2, 0xff]))]);
    const [letter] = await ingestion.list('--stage', 'enrichment');
    const place = String((letter as { dead_letter: unknown }).dead_letter);
    expect((await ingestion.dlq('show', place)).out).toContain('000102ff');
    expect(await ingestion.redrive(place)).toMatchObject({ code: 1 });
    expect((await ingestion.list('--stage', 'enrichment'))[0]).toMatchObject({ state: 'open' });
  });

  it('is printed to a slow reader without a warning, however long its bytes are', async () => {
    await bury(Array.from({ length: 40 }, (_, n) => gaveUp('features', 100 + n, Buffer.alloc(60_000, 'x'))));
    const child = startCli(['topic', 'cat', 'dead-letter', '--from-beginning', '--until-now'], ingestion.env);
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    const closed = once(child, 'close');
    for await (const _chunk of child.stdout) await ingestion.streams.admin.clusterId();
    expect(await closed).toEqual([0, null]);
    expect(errors).toEqual([]);
  });
});
