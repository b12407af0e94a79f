import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedPopularity, expectedSessions } from '../oracle/batch-oracle.ts';
import { lastRows } from '../oracle/last-rows.ts';
import { expectBalanced } from '../platform/expect-balanced.ts';
import { type Platform, createPlatform } from '../platform/platform.ts';

const DISORDER_MS = 30_000;
const PARTITIONS = 4;
const COUNT = 6_000;
const startMs = Date.UTC(2026, 2, 2, 8);

/** Events of 150 sessions over some hours, in order, each a second after the other. */
const event = (i: number): string =>
  JSON.stringify({
    eventId: `event-${i}`,
    eventType: ['view', 'click', 'add_to_cart', 'purchase', 'view'][i % 5],
    userId: `user-${i % 97}`,
    sessionId: `session-${(i * 31) % 150}`,
    productId: `product-${(i * 17) % 40}`,
    timestamp: new Date(startMs + i * 1_000).toISOString(),
  });

let platform: Platform;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shopstream-'));
  file = path.join(folder, 'events.ndjson');
  await writeFile(file, `${Array.from({ length: COUNT }, (_, i) => event(i)).join('\n')}\n`);
  platform = await createPlatform({ partitions: PARTITIONS });
  await platform.startAll();
}, 300_000);

afterAll(() => expectBalanced(platform), 180_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
  await platform.remove();
}, 60_000);

describe('stopping everything in the middle of a replay and starting again', () => {
  it('loses nothing and counts nothing twice', async () => {
    const replaying = platform.shopstream('replay', file, '--batch', '100', '--rate', '1500', '--json');
    // In the middle: some of it has come through all stages, the rest has not been sent.
    const seen = async () => (await platform.rows('ecom.user-sessions.v1')).length;
    while ((await seen()) === 0);
    await platform.stopAll();
    await platform.startAll();
    const report = JSON.parse(await replaying) as { accepted: number; refused: number };
    expect(report).toMatchObject({ accepted: COUNT, refused: 0 });
    await platform.drained(120);

    const enriched = await platform.rows('ecom.events-enriched.v1');
    expect(enriched.map(({ value }) => value.event_id).sort()).toEqual(
      Array.from({ length: COUNT }, (_, i) => `event-${i}`).sort(),
    );
    const sessions = expectedSessions(enriched, DISORDER_MS);
    expect(lastRows(await platform.rows('ecom.user-sessions.v1'))).toEqual(sessions.rows);
    const popularity = expectedPopularity(enriched, { disorderMs: DISORDER_MS, partitions: PARTITIONS });
    expect(lastRows(await platform.rows('ecom.product-popularity.v1'))).toEqual(popularity.rows);
    expect([...sessions.late, ...popularity.late]).toEqual([]);
    expect(await platform.rows('ecom.late.v1')).toEqual([]);
    expect(await platform.rows('ecom.dead-letter.v1')).toEqual([]);
  }, 240_000);
});
