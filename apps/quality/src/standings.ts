import type { QualityResult } from '@shopstream/contracts';
import type { Verdict } from '@shopstream/data-tests';
import { type Logger, messageOf } from '@shopstream/platform';
import type { Results } from './adapters/results-topic.ts';
import type { Webhook } from './adapters/slack-webhook.ts';
import { severityOf } from './domain/alert.ts';
import { type Notice, type Standing, afterVerdict, noticeOf, toRow, toStanding } from './domain/board.ts';
import { createMessenger } from './messenger.ts';
import type { QualityMetrics } from './metrics.ts';

/** A result that has not changed is written again after this long, as a sign of life. */
const REPORT_EVERY_MS = 300_000;

export interface StandingsDeps {
  results: Results;
  /** None where nobody wants messages. */
  webhook: Webhook | null;
  metrics: QualityMetrics;
  logger: Logger;
}

export interface Standings {
  restore(former: ReadonlyMap<string, QualityResult>): void;
  hear(test: string, verdict: Verdict): void;
  /** Writes what changed, then has people told: the row that says that a message is due comes before the message. */
  share(): Promise<void>;
  /** Resolves when no message is on its way. */
  idle(): Promise<void>;
}

/** Where all tests stand, shared as metrics, rows and messages. */
export function createStandings(
  subjects: readonly Pick<Standing, 'test' | 'topic'>[],
  { results, webhook, metrics, logger }: StandingsDeps,
  { recoveryMs, alertLevel }: { recoveryMs: number; alertLevel: 'warn' | 'error' },
): Standings {
  const standings = new Map<string, Standing>();
  const writer = createWriter(results, logger);
  const due = (): Notice[] =>
    [...standings.values()].flatMap((standing) => noticeOf(standing, alertLevel) ?? []);
  const write = () => writer.write([...standings.values()].map(toRow));

  async function told({ test, level }: Notice): Promise<void> {
    const standing = standings.get(test);
    if (standing !== undefined) standings.set(test, { ...standing, notified: level });
    await write();
  }
  const messenger = webhook === null ? null : createMessenger({ webhook, due, told, metrics, logger });

  return {
    restore(former) {
      for (const subject of subjects)
        standings.set(subject.test, toStanding(subject, former.get(subject.test), Date.now()));
    },
    hear(test, verdict) {
      const standing = standings.get(test);
      if (standing === undefined) return;
      const next = afterVerdict(standing, verdict, { nowMs: Date.now(), recoveryMs });
      const { topic, alert } = next;
      standings.set(test, next);
      metrics.level.set({ test, topic }, severityOf[alert.level]);
      if (verdict.value !== null) metrics.value.set({ test, topic }, verdict.value);
      metrics.rowsChecked.inc({ test, topic }, verdict.rowsChecked);
      if (alert.level === standing.alert.level) return;
      logger.info({ test, topic, level: alert.level, detail: next.verdict.detail }, 'data test changed');
    },
    async share() {
      await write();
      metrics.messagesDue.set(messenger === null ? 0 : due().length);
      messenger?.wake();
    },
    idle: async () => messenger?.idle(),
  };
}

/** Writes rows that changed, or have not been written for long. What cannot be written is due again the next time. */
function createWriter(results: Results, logger: Logger) {
  const written = new Map<string, { row: QualityResult; atMs: number }>();
  let isWriting = false;

  function isDue(row: QualityResult, nowMs: number): boolean {
    const last = written.get(row.test);
    if (last === undefined || nowMs - last.atMs >= REPORT_EVERY_MS) return true;
    return row.level !== last.row.level || row.notified !== last.row.notified;
  }

  return {
    async write(all: readonly QualityResult[]): Promise<void> {
      const nowMs = Date.now();
      const rows = all.filter((row) => isDue(row, nowMs));
      if (rows.length === 0 || isWriting) return;
      isWriting = true;
      try {
        await results.write(rows);
        for (const row of rows) written.set(row.test, { row, atMs: nowMs });
      } catch (error) {
        logger.warn({ reason: messageOf(error) }, 'results not written');
      } finally {
        isWriting = false;
      }
    },
  };
}
