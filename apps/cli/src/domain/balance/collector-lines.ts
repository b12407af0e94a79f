import { type Sample } from '../metric-samples.ts';
import { type BalanceLine, type BalanceParts, toBalanceLine, unjudged } from './balance-line.ts';

/** What a collector has counted since it was started. */
export interface CollectorCounts {
  /** From when on its rows can only be its own, epoch milliseconds. */
  sinceMs: number;
  accepted: number;
  refused: number;
  /** Requests answered 503: whether their rows are in Kafka is not known. */
  unknown: number;
}

/** Undefined where a service tells nothing. */
export function toCollectorCounts(samples: readonly Sample[]): CollectorCounts | undefined {
  const sum = (name: string): number =>
    samples.reduce((total, sample) => (sample.name === name ? total + sample.value : total), 0);
  const startedSeconds = sum('process_start_time_seconds');
  if (startedSeconds === 0) return undefined;
  return {
    // The metric is rounded to seconds, and no collector answers in its first one.
    sinceMs: (startedSeconds + 1) * 1_000,
    accepted: sum('ingestion_events_accepted_total'),
    refused: sum('ingestion_events_refused_total'),
    unknown: sum('ingestion_requests_unavailable_total'),
  };
}

/**
 * What one collector has counted against the rows it wrote.
 * @param looks its counts before and after the rows were counted
 * @param times of receipt of all rows, where they were counted, and of all dead letters, epoch milliseconds
 */
export function collectorLines(
  looks: { before: CollectorCounts; after: CollectorCounts },
  times: { received?: readonly number[]; refused: readonly number[] },
): BalanceLine[] {
  const { before, after } = looks;
  const countSince = (all: readonly number[]): number => all.filter((at) => at >= after.sinceMs).length;
  const lines: BalanceParts[] = [
    {
      line: 'collector: refused = dead letters',
      received: after.refused,
      outcomes: { 'dead letters': countSince(times.refused) },
      waiting: after.refused - before.refused,
    },
  ];
  if (times.received !== undefined) {
    lines.unshift({
      line: 'collector: accepted = rows',
      received: after.accepted,
      outcomes: { rows: countSince(times.received) },
      waiting: after.accepted - before.accepted,
    });
  }
  if (before.sinceMs !== after.sinceMs)
    return lines.map((line) => unjudged(line, 'the collector was started anew'));
  if (after.unknown > 0)
    return lines.map((line) =>
      unjudged(line, `${after.unknown} requests were answered 503: their rows may be there`),
    );
  return lines.map(toBalanceLine);
}
