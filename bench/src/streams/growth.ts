import { setTimeout as delay } from 'node:timers/promises';
import { type EnrichedEvent, consumerGroups } from '@shopstream/contracts';
import type { Output } from '@shopstream/streams';
import type { Context } from '../context.ts';
import type { Child } from '../platform/child.ts';
import { untilDrained } from '../platform/drain.ts';
import type { Platform } from '../platform/platform.ts';
import { cpuSeconds, memoryMb } from '../platform/process-usage.ts';
import { toEnriched } from '../real-data/rows.ts';

export interface GrowthCase {
  events: number;
  keys: number;
}

export interface Growth extends GrowthCase {
  perSecond: number;
  cpuMicros: number;
  memoryMb: number;
  changelogRows: number;
  restoreSeconds: number;
}

const ROWS_PER_SEND = 5_000;
const WINDOW_START_MS = Date.UTC(2026, 0, 5, 12);
/** Less than the 30 minutes of a session's window. */
const SPREAD_MS = 1_500_000;
const EVENTS = 'ecom.events-enriched.v1';
const CHANGELOG = 'ecom.sessionizer-changelog.v1';

/** Growing numbers of events of few keys, and growing numbers of keys. */
export const growthCases = (mostEvents: number): GrowthCase[] =>
  [
    { events: 100_000, keys: 1_000 },
    { events: 1_000_000, keys: 1_000 },
    { events: 10_000_000, keys: 1_000 },
    { events: 1_000_000, keys: 100_000 },
    { events: 1_000_000, keys: 1_000_000 },
  ].filter(({ events }) => events <= mostEvents);

export async function measureGrowth(context: Context, size: GrowthCase): Promise<Growth> {
  const platform = await context.createPlatform();
  try {
    await produce(platform, size);
    const groups = { sessionizer: consumerGroups.sessionizer };
    const startedMs = performance.now();
    const first = platform.begin('sessionizer');
    const drainedMs = await untilDrained(platform, { groups });
    const memory = memoryMb([first.pid]).resident;
    const cpu = cpuSeconds(first.pid);
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const restoreSeconds = await timeRestore(platform);
    const { low, high } = [...(await platform.streams.admin.endOffsets(CHANGELOG)).values()].reduce(
      (sum, ends) => ({ low: sum.low + ends.low, high: sum.high + ends.high }),
      { low: 0n, high: 0n },
    );
    await platform.stop('sessionizer');
    return {
      ...size,
      perSecond: (size.events / (drainedMs - startedMs)) * 1_000,
      cpuMicros: (cpu / size.events) * 1e6,
      memoryMb: memory,
      changelogRows: Number(high - low),
      restoreSeconds,
    };
  } finally {
    await platform.remove();
  }
}

async function produce(platform: Platform, { events, keys }: GrowthCase): Promise<void> {
  const producer = platform.streams.createProducer({ topics: [EVENTS] });
  await producer.start();
  for (let from = 0; from < events; from += ROWS_PER_SEND) {
    const outputs = Array.from({ length: Math.min(ROWS_PER_SEND, events - from) }, (_, index): Output => {
      const number = from + index;
      return { topic: EVENTS, value: eventOf(number, number % keys, number / events) };
    });
    await producer.send(outputs, { timeoutMs: 60_000 });
  }
  await producer.stop();
}

const eventOf = (number: number, key: number, progress: number): EnrichedEvent =>
  toEnriched({
    eventId: `e${number}`,
    eventType: number % 5 === 0 ? 'add_to_cart' : 'page_view',
    userId: `u${key}`,
    sessionId: `s${key}`,
    productId: `p${number % 5_000}`,
    price: `${(number % 90) + 10}.50`,
    timestamp: WINDOW_START_MS + Math.floor(progress * SPREAD_MS),
  });

async function timeRestore(platform: Platform): Promise<number> {
  const partitions = await ownedWanted(platform);
  const startedMs = performance.now();
  const child = platform.begin('sessionizer');
  while ((await restored(platform, child)) < partitions) await delay(20);
  return (performance.now() - startedMs) / 1_000;
}

/** Partitions with state. */
async function ownedWanted({ streams }: Platform): Promise<number> {
  const ends = await streams.admin.endOffsets(CHANGELOG);
  return [...ends.values()].filter(({ low, high }) => high > low).length;
}

/** Partitions whose watermark is known again. */
async function restored(platform: Platform, child: Child): Promise<number> {
  child.assertAlive();
  const text = await fetch(`${platform.url('sessionizer')}/metrics`)
    .then((response) => response.text())
    .catch(() => '');
  return text.match(/^stream_watermark_seconds\{/gm)?.length ?? 0;
}
