// Enrichment stops, its Flink twin goes on where it stood: no row is lost, none is there twice, whatever is killed on the way.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CleanEvent } from '@shopstream/contracts';
import { repositoryRoot } from '@shopstream/infra';
import {
  cleanEvent,
  eventually,
  productVersion,
  startServiceProcess,
  testSettings,
} from '@shopstream/testkit';
import { type FreshTopics, freshTopics } from '../differential/our-stages.ts';

const START_MS = Date.UTC(2025, 2, 3, 10);
const PART = 400;
const LONG = { deadlineMs: 600_000, intervalMs: 250 };

let topics: FreshTopics;
let dataDir: string;
let env: Record<string, string>;
let sent: CleanEvent[] = [];
const twins: ChildProcess[] = [];

beforeAll(async () => {
  topics = await freshTopics('handover', 2);
  dataDir = mkdtempSync(path.join(tmpdir(), 'handover-'));
  env = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: topics.prefix,
    FLINK_STATE_DIR: path.join(dataDir, 'flink'),
    // Long enough for a busy machine to read both partitions: one that is taken for silent holds nothing back.
    IDLE_MS: '30000',
    LOG_LEVEL: 'warn',
  };
  await send('ecom.products.v1', [
    productVersion({ price: '1.00', version: 1 }),
    productVersion({ price: '2.00', version: 2, valid_from: START_MS + 1_000 * PART }),
  ]);
}, 120_000);

afterAll(async () => {
  for (const twin of twins) if (twin.exitCode === null) twin.kill('SIGKILL');
  await topics.streams.admin.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('loses no row and doubles none when a twin takes the place of a killed stage and is killed itself', async () => {
  const stage = await startServiceProcess({ app: 'enrichment', env });
  await sendPart();
  await eventually(() => expectRows(PART), LONG);
  await Promise.all([sendPart(), stage.stop('SIGKILL')]);

  const before = await countRows();
  const first = startTwin('--take-over');
  await sendPart();
  await eventually(() => expectRows(before + 1), LONG);
  process.kill(javaOf(first), 'SIGKILL');
  expect(await exitOf(first)).toBe(1);

  const second = startTwin();
  await sendPart();
  await send('ecom.events-clean.v1', closingEvents());
  await eventually(() => expectRows(4 * PART), LONG);
  second.kill('SIGTERM');
  expect(await exitOf(second)).toBe(0);

  const rows = (await topics.rows('ecom.events-enriched.v1')).map(({ value }) => value);
  expect(rows.map(({ event_id }) => event_id).sort()).toEqual(sent.map(({ event_id }) => event_id).sort());
  const wrong = rows.filter(
    ({ timestamp, product_price }) =>
      product_price !== (timestamp < START_MS + 1_000 * PART ? '1.00' : '2.00'),
  );
  expect(wrong).toEqual([]);
}, 1_800_000);

async function expectRows(least: number): Promise<void> {
  expect(await countRows()).toBeGreaterThanOrEqual(least);
}

const countRows = async (): Promise<number> => (await topics.rows('ecom.events-enriched.v1')).length;

/** The next events, a second apart, of many sessions. */
async function sendPart(): Promise<void> {
  const events = Array.from({ length: PART }, (_, index) =>
    cleanEvent({
      session_id: `session-${index % 20}`,
      timestamp: START_MS + 1_000 * (sent.length + index),
    }),
  );
  sent = [...sent, ...events];
  await send('ecom.events-clean.v1', events);
}

/** They push the watermarks on, so that the events before them are joined; themselves they still wait when the twin stops. */
const closingEvents = (): CleanEvent[] =>
  Array.from({ length: 40 }, (_, index) =>
    cleanEvent({ session_id: `session-${index}`, timestamp: START_MS + 100_000_000 }),
  );

async function send(
  topic: 'ecom.products.v1' | 'ecom.events-clean.v1',
  values: readonly object[],
): Promise<void> {
  const producer = topics.streams.createProducer({ topics: [topic] });
  await producer.start();
  await producer.send(values.map((value) => ({ topic, value: value as never })));
  await producer.stop();
}

/** As `npm run flink` does. */
function startTwin(...options: string[]): ChildProcess {
  const args = ['--import', 'tsx', 'infra/flink/main.ts', 'events-enriched', ...options];
  const twin = spawn(process.execPath, args, {
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  twins.push(twin);
  return twin;
}

/** The only child of the command. */
const javaOf = ({ pid }: ChildProcess): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'close');
  return child.exitCode;
}
