// Requests at fixed times, whether answers come or not: a slow server does not make its own load smaller. autocannon's rates are bursts at the
// begin of each second that wait for answers.
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { LoadResult } from './http-load.ts';
import { percentile } from './percentile.ts';

interface PacedLoad {
  url: string;
  paths: readonly string[];
  /** Requests a second. */
  rate: number;
  connections: number;
  seconds: number;
}

const TICK_MS = 2;

/** Latency counts from when a request was due, also while it waited for a connection. */
export async function measurePaced({
  url,
  paths,
  rate,
  connections,
  seconds,
}: PacedLoad): Promise<LoadResult> {
  const pool = new Pool(url, { connections });
  const latencies: number[] = [];
  let errors = 0;

  async function send(index: number, dueMs: number): Promise<void> {
    try {
      const answer = await pool.request({ method: 'GET', path: paths[index % paths.length] ?? '/' });
      await answer.body.dump();
      if (answer.statusCode === 200) latencies.push(performance.now() - dueMs);
      else errors += 1;
    } catch {
      errors += 1;
    }
  }

  const sent: Promise<void>[] = [];
  const startedMs = performance.now();
  const dueAt = (index: number): number => startedMs + (index / rate) * 1_000;
  while (sent.length < rate * seconds) {
    while (sent.length < rate * seconds && dueAt(sent.length) <= performance.now())
      sent.push(send(sent.length, dueAt(sent.length)));
    await delay(TICK_MS);
  }
  await Promise.all(sent);
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  await pool.close();
  return {
    perSecond: latencies.length / tookSeconds,
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
    errors,
  };
}
