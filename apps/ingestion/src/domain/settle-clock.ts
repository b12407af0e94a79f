// The collector's clock is the authority: no event may be ahead of it, because one would close everybody's windows.

/** Below this, what a client's clock differs by cannot be told from network delay. */
const SKEW_TOLERANCE_MS = 60_000;
const MAX_AHEAD_MS = 86_400_000;
const EARLIEST_MS = Date.UTC(2000, 0, 1);

export type Clock = 'client' | 'corrected' | 'clamped' | 'assigned';

export type SettledTime =
  | { ok: true; timestamp: number; clock: Clock }
  | { ok: false; reason: 'timestamp_too_early' | 'timestamp_too_late'; message: string };

/** The time of an event: as sent, shifted by the client's measured skew, held at the time of receipt, or that time itself. */
export function settleClock(times: {
  sent: number | undefined;
  /** When the client sent the request, by its own clock. */
  sentAt: number | undefined;
  receivedAt: number;
}): SettledTime {
  const { sent, sentAt, receivedAt } = times;
  if (sent === undefined) return { ok: true, timestamp: receivedAt, clock: 'assigned' };
  const skew = sentAt === undefined ? 0 : receivedAt - sentAt;
  const isSkewed = Math.abs(skew) > SKEW_TOLERANCE_MS;
  const timestamp = isSkewed ? sent + skew : sent;
  if (timestamp < EARLIEST_MS) {
    return { ok: false, reason: 'timestamp_too_early', message: 'must not be before 2000-01-01' };
  }
  if (timestamp - receivedAt > MAX_AHEAD_MS) {
    return { ok: false, reason: 'timestamp_too_late', message: 'must not be more than 24 hours ahead' };
  }
  if (timestamp > receivedAt) return { ok: true, timestamp: receivedAt, clock: 'clamped' };
  return { ok: true, timestamp, clock: isSkewed ? 'corrected' : 'client' };
}
