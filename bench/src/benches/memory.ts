import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { untilDrained } from '../platform/drain.ts';
import type { Platform } from '../platform/platform.ts';
import { cpuSeconds, familyOf, memoryMb } from '../platform/process-usage.ts';
import type { Cell } from '../report/table.ts';
import { sendEvents } from '../shop/load-shop.ts';
import { SHOP, shopEvents } from '../shop/synthetic-shop.ts';

const SETTLE_MS = 20_000;
const REST_MS = 30_000;

/** Memory and CPU of every process, servers included. */
export const memory: Bench = {
  name: 'memory',
  about: 'memory and CPU at rest and under a replay',
  async run(context) {
    const { platform } = await context.shop();
    await untilDrained(platform);
    await delay(SETTLE_MS);
    const rest = await observe(platform, () => delay(REST_MS));
    context.say('at rest measured; now under load');
    const events = shopEvents(SHOP.events, { seed: 6, untilMs: Date.now() });
    const busy = await observe(platform, async () => {
      await sendEvents(platform, events);
      await untilDrained(platform);
    });
    const rows = rest.map((atRest, index): Cell[] => {
      const underLoad = busy[index] as Usage;
      return [atRest.name, atRest.residentMb, atRest.cpuPercent, underLoad.residentMb, underLoad.cpuPercent];
    });
    rows.push(['sum', ...[1, 2, 3, 4].map((column) => sumOf(rows, column))]);
    const proportional = [rest, busy].map((usages) =>
      usages.reduce((sum, usage) => sum + usage.proportionalMb, 0),
    );
    return [
      {
        title: 'Memory and CPU of each process',
        head: [
          'process',
          'RSS MB at rest',
          '% of a core at rest',
          'RSS MB under replay',
          '% of a core under replay',
        ],
        rows,
        notes: [
          'Goal at rest, all together: ≤ 15 % of one core, ≤ 4,096 MB. PostgreSQL with all its processes.',
          `With shared pages counted once (PSS): ${(proportional[0] ?? 0).toFixed(0)} MB at rest, ${(proportional[1] ?? 0).toFixed(0)} MB under replay.`,
          `Replay: ${SHOP.events} synthetic events in batches as fast as they are taken; memory at its end.`,
        ],
      },
    ];
  },
};

interface Usage {
  name: string;
  residentMb: number;
  proportionalMb: number;
  cpuPercent: number;
}

async function observe(platform: Platform, during: () => Promise<unknown>): Promise<Usage[]> {
  const processes = [...platform.servers.pids(), ...platform.running()].map(({ name, pid }) => ({
    name,
    pid,
  }));
  const cpuOf = () => processes.map(({ pid }) => familyCpu(pid));
  const before = cpuOf();
  const startedMs = performance.now();
  await during();
  const seconds = (performance.now() - startedMs) / 1_000;
  return cpuOf().map((after, index) => {
    const { name, pid } = processes[index] as { name: string; pid: number };
    const { resident, proportional } = memoryMb(familyOf(pid));
    const cpuPercent = ((after - (before[index] ?? 0)) / seconds) * 100;
    return { name, residentMb: resident, proportionalMb: proportional, cpuPercent };
  });
}

/** Of the processes that are there at the time; PostgreSQL's background ones stay. */
const familyCpu = (pid: number): number => familyOf(pid).reduce((sum, member) => sum + cpuSeconds(member), 0);

const sumOf = (rows: Cell[][], column: number): number =>
  rows.reduce((sum, row) => sum + (typeof row[column] === 'number' ? row[column] : 0), 0);
