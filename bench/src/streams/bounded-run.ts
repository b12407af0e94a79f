import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '@shopstream/infra';
import { startChild } from '../platform/child.ts';
import { cpuSeconds, memoryMb } from '../platform/process-usage.ts';

export interface RunCost {
  wallSeconds: number;
  /** Of all instances, from their start to their end. */
  cpuSeconds: number;
  /** The most that all instances had in memory at one look. */
  peakMb: number;
}

const SAMPLE_MS = 50;

/**
 * Runs instances of a service bounded: from the beginning of its input to the end that this has now, all windows closed. The start of
 * the processes is part of the cost.
 */
export async function runBounded(
  app: ServiceName,
  { instances, env }: { instances: number; env: Record<string, string> },
): Promise<RunCost> {
  const startedMs = performance.now();
  const children = Array.from({ length: instances }, (_, index) =>
    startChild(`${app}-${index}`, ['--enable-source-maps', `apps/${app}/dist/main.js`], {
      ...env,
      RUN_MODE: 'bounded',
      HTTP_PORT: '0',
    }),
  );
  const cost: RunCost = { wallSeconds: 0, cpuSeconds: 0, peakMb: 0 };
  const cpu = new Map<number, number>();
  const state = { isRunning: true };
  const ended = Promise.all(children.map(async (child) => ({ child, code: await child.ended }))).finally(
    () => (state.isRunning = false),
  );
  while (state.isRunning) {
    const usages = children.map(({ pid }) => usageOf(pid)).filter((usage) => usage !== null);
    for (const { pid, seconds } of usages) cpu.set(pid, seconds);
    cost.peakMb = Math.max(
      cost.peakMb,
      usages.reduce((sum, { residentMb }) => sum + residentMb, 0),
    );
    await Promise.race([delay(SAMPLE_MS), ended]);
  }
  for (const { child, code } of await ended) {
    if (code !== 0) throw new Error(`${child.name} ended with ${String(code)}`);
  }
  cost.wallSeconds = (performance.now() - startedMs) / 1_000;
  cost.cpuSeconds = [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
  return cost;
}

/** Null for a process that has ended between two looks. */
function usageOf(pid: number): { pid: number; seconds: number; residentMb: number } | null {
  try {
    return { pid, seconds: cpuSeconds(pid), residentMb: memoryMb([pid]).resident };
  } catch {
    return null;
  }
}
