import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { schemas, subjectOf } from '@shopstream/contracts';
import { type LogRecord, registerSchema } from '@shopstream/streams';
import { eventually, testSettings } from '@shopstream/testkit';
import { buildNext } from '../platform/next-build.ts';
import { expectBalanced } from '../platform/expect-balanced.ts';
import { type Platform, createPlatform } from '../platform/platform.ts';

const catalogue = fileURLToPath(new URL('../../apps/cli/demo/catalogue.csv', import.meta.url));
const TOPIC = 'ecom.events-enriched.v1';

/** Tomorrow's contract: one more optional column. */
function withColour(schema: string): string {
  const record = JSON.parse(schema) as { fields: object[] };
  record.fields.push({ name: 'product_colour', type: ['null', 'string'], default: null });
  return JSON.stringify(record);
}

/** As it stands between single quotes. */
const quoted = (text: string): string => text.replaceAll("'", "\\'");

let platform: Platform;

beforeAll(async () => {
  platform = await createPlatform({ partitions: 4 });
  await platform.startAll();
  await platform.shopstream('catalog', 'import', catalogue);
}, 300_000);

afterAll(() => expectBalanced(platform), 180_000);
afterAll(() => platform.remove(), 60_000);

const enriched = async (): Promise<LogRecord<typeof TOPIC>[]> => {
  const records: LogRecord<typeof TOPIC>[] = [];
  await platform.streams.readLog(
    { topic: TOPIC, from: 'beginning', until: 'now' },
    (record) => void records.push(record),
  );
  return records;
};

describe('one service', () => {
  it('is redeployed alone, with a newer contract than its consumers, while events go on', async () => {
    const shopping = platform.shopstream(
      'simulate',
      '--seed',
      '3',
      '--rate',
      '150',
      '--duration',
      '20',
      '--json',
    );
    await eventually(async () => expect((await enriched()).length).toBeGreaterThan(100), {
      deadlineMs: 60_000,
    });

    await registerSchema(
      testSettings().SCHEMA_REGISTRY_URL,
      subjectOf(TOPIC),
      withColour(schemas['events-enriched']),
    );
    const next = await buildNext('enrichment', {
      'packages/contracts/src/generated/schemas.ts': (source) =>
        source.replace(quoted(schemas['events-enriched']), quoted(withColour(schemas['events-enriched']))),
      'apps/enrichment/src/domain/enrich.ts': (source) =>
        source.replace('product_brand:', "product_colour: product?.brand ?? 'plain',\n    product_brand:"),
    });
    await platform.stop('enrichment');
    await platform.start('enrichment', { file: next });
    const before = (await enriched()).length;
    await eventually(async () => expect((await enriched()).length).toBeGreaterThan(before), {
      deadlineMs: 60_000,
    });

    const { accepted } = JSON.parse(await shopping) as { accepted: number };
    await platform.drained(120);
    const rows = await platform.rows(TOPIC);
    const signals = await platform.rows('ecom.signals.v1');
    // Every consumer still runs on the older contract: it reads both kinds of rows, and gives up none.
    expect(rows.length + signals.length).toBe(accepted);
    expect(await platform.rows('ecom.dead-letter.v1')).toEqual([]);
    const counted = new Map<string, number>();
    for (const { key, value } of await platform.rows('ecom.user-sessions.v1')) {
      counted.set(key?.toString() ?? '', value.event_count);
    }
    expect([...counted.values()].reduce((sum, n) => sum + n, 0)).toBe(rows.length);
  }, 240_000);
});
