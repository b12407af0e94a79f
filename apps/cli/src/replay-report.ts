import type { ReplaySummary } from './domain/replay-tally.ts';

export interface ReplayReport extends ReplaySummary {
  retried_requests: number;
  seconds: number;
  /** Interrupted before the end of the file. */
  stopped: boolean;
}

const count = (value: number): string => value.toLocaleString('en');

export function toReportText(report: ReplayReport): string {
  const { sent, accepted, refused, refusals, retried_requests: retried, seconds, stopped } = report;
  const rate = count(Math.round(sent / Math.max(seconds, 0.001)));
  const lines = [
    `${count(sent)} events in ${seconds.toFixed(1)} s (${rate}/s): ${count(accepted)} accepted, ${count(refused)} refused`,
    ...refusals.map(
      ({ field, reason, count: times, examples }) =>
        `  ${count(times).padStart(9)}  ${field} ${reason}  (${examples.map(toExample).join(', ')}${times > examples.length ? ', …' : ''})`,
    ),
  ];
  if (retried > 0) lines.push(`${count(retried)} requests had to be sent again`);
  if (stopped)
    lines.push('Stopped before the end of the file; started again, what has arrived is not counted twice.');
  return lines.join('\n');
}

const toExample = ({ line, event_id }: { line: number; event_id: string | null }): string =>
  event_id === null ? `line ${line}` : `line ${line}: ${event_id}`;
