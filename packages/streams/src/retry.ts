// What fails is started over from the log, with pauses that grow to a bound; kafkajs drops members that send no heartbeats.

/** A batch is tried this often, some 30 s in all, before the process gives up and exits. */
export const MAX_ATTEMPTS = 10;
const MAX_PAUSE_MS = 5_000;
const FIRST_PAUSE_MS = 50;
const HEARTBEAT_MS = 2_000;

/** Waits before the try after this one: 100 ms, 200 ms, … 5 s. */
export function pauseMs(attempt: number): Promise<void> {
  const ms = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Keeps the membership alive while something takes long. A failed heartbeat shows in the consumer itself. */
export async function whileBeating<T>(work: Promise<T>, heartbeat: () => Promise<void>): Promise<T> {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
