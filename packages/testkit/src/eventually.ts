import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `attempt` until it stops throwing and gives its result; at the deadline the last error is thrown.
 * The deadline is for a machine with much else to do, not for the fact: pass another one only where time is what is tested.
 * The only place in tests where time passes on purpose: it waits for a fact, never for a duration.
 * @example await eventually(async () => expect(await rows()).toHaveLength(3));
 */
export async function eventually<T>(
  attempt: () => Promise<T> | T,
  { deadlineMs = 60_000, intervalMs = 25 }: { deadlineMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    await delay(intervalMs);
  }
}
