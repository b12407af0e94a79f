import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isCleanEventType } from '@shopstream/contracts';
import { expectedPopularity, expectedSessions } from '../oracle/batch-oracle.ts';
import { lastRows } from '../oracle/last-rows.ts';
import { expectBalanced } from '../platform/expect-balanced.ts';
import { type Platform, createPlatform } from '../platform/platform.ts';

const dataDir = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const DISORDER_MS = 30_000;

interface DataSet {
  name: string;
  folder: string;
  /** Limit of events, so that the test takes a minute or two. */
  limit: number;
}

const dataSets: DataSet[] = [
  { name: 'multi-category store', folder: 'rees46_2019_10_01', limit: 20_000 },
  { name: 'gift shop', folder: 'online_retail_2011', limit: 20_000 },
];

// The data is not part of the checkout; where it is missing the shoppers of the demo take its place in the other tests.
for (const dataSet of dataSets) {
  const isPresent = existsSync(`${dataDir}${dataSet.folder}/events.csv.gz`);
  (isPresent ? describe : describe.skip)(`real events of a ${dataSet.name}`, () => testsOf(dataSet));
}

function testsOf({ folder, limit }: DataSet): void {
  let platform: Platform;
  let accepted = 0;

  beforeAll(async () => {
    platform = await createPlatform();
    await platform.startAll();
    await platform.shopstream('catalog', 'import', `${dataDir}${folder}/catalog.csv.gz`);
    const printed = await platform.shopstream(
      ...[
        'replay',
        `${dataDir}${folder}/events.csv.gz`,
        '--limit',
        String(limit),
        '--allow-refused',
        '--json',
      ],
    );
    accepted = (JSON.parse(printed) as { accepted: number }).accepted;
    await platform.drained(150);
  }, 600_000);

  afterAll(() => expectBalanced(platform), 180_000);
  afterAll(() => platform.remove(), 60_000);

  it('are in clickstream exactly once when accepted', async () => {
    const ids = (await platform.rows('ecom.clickstream.v1')).map(({ value }) => value.event_id);
    expect(accepted).toBeGreaterThan(15_000);
    expect(ids).toHaveLength(accepted);
    expect(new Set(ids).size).toBe(accepted);
  }, 60_000);

  it('are then in events-clean or signals by their type, or in dead-letter with a reason', async () => {
    const clicks = (await platform.rows('ecom.clickstream.v1')).map(({ value }) => value);
    const clean = (await platform.rows('ecom.events-clean.v1')).map(({ value }) => value.event_id);
    const signals = (await platform.rows('ecom.signals.v1')).map(({ value }) => value.event_id);
    const dead = (await platform.rows('ecom.dead-letter.v1')).map(({ value }) => value);
    const isDead = new Set(dead.flatMap(({ stage, event_id }) => (stage === 'cleaning' ? [event_id] : [])));
    const living = clicks.filter(({ event_id }) => !isDead.has(event_id));
    const idsOf = (wanted: boolean) =>
      living
        .filter(({ event_type }) => isCleanEventType(event_type ?? '') === wanted)
        .map(({ event_id }) => event_id);
    expect([...clean].sort()).toEqual(idsOf(true).sort());
    expect([...signals].sort()).toEqual(idsOf(false).sort());
    expect(dead.every(({ reason, value }) => reason !== '' && value !== null)).toBe(true);
  }, 60_000);

  it('make the session rows that a batch job computes, and name the late ones', async () => {
    const enriched = await platform.rows('ecom.events-enriched.v1');
    const expected = expectedSessions(enriched, DISORDER_MS);
    const actual = lastRows(await platform.rows('ecom.user-sessions.v1'));
    expect(actual.size).toBe(expected.rows.size);
    for (const [key, row] of expected.rows) expect(actual.get(key)).toEqual(row);
    expect(await lateOf('sessionizer')).toEqual(expected.late);
  }, 60_000);

  it('make the popularity rows that a batch job computes, and name the late ones', async () => {
    const enriched = await platform.rows('ecom.events-enriched.v1');
    const expected = expectedPopularity(enriched, { disorderMs: DISORDER_MS, partitions: 24 });
    const actual = lastRows(await platform.rows('ecom.product-popularity.v1'));
    expect(actual.size).toBe(expected.rows.size);
    for (const [key, row] of expected.rows) expect(actual.get(key)).toEqual(row);
    expect(await lateOf('popularity')).toEqual(expected.late);
  }, 60_000);

  async function lateOf(stage: string): Promise<Set<string>> {
    const rows = await platform.rows('ecom.late.v1');
    return new Set(rows.filter(({ value }) => value.stage === stage).map(({ value }) => value.event_id));
  }
}
