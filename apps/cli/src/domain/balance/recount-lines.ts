import { type BalanceLine, toBalanceLine } from './balance-line.ts';
import type { EventCounts } from './event-counts.ts';

/** Conservation through all stages, by rows alone. Waiting partials are known for all tenants together only. */
export function recountLines(
  counts: EventCounts,
  { namespace, waitingInPartials }: { namespace: string | null; waitingInPartials: number },
): BalanceLine[] {
  return [
    toBalanceLine({
      line: 'rows: clickstream = cleaning',
      namespace,
      received: counts.clickstream,
      outcomes: {
        clean: counts.clean,
        signals: counts.signals,
        'dead letters': counts.cleaningDead,
        duplicates: counts.duplicates,
      },
      waiting: counts.cleaningWaiting,
    }),
    toBalanceLine({
      line: 'rows: events once in clean and signals',
      namespace,
      received: counts.distinctClean,
      outcomes: { rows: counts.clean + counts.signals },
    }),
    toBalanceLine({
      line: 'rows: clean = enrichment',
      namespace,
      received: counts.clean,
      outcomes: { enriched: counts.enriched, 'dead letters': counts.enrichmentDead },
      waiting: counts.enrichmentWaiting,
    }),
    toBalanceLine({
      line: 'rows: events once in enriched',
      namespace,
      received: counts.distinctEnriched,
      outcomes: { rows: counts.enriched },
    }),
    ...windowLines(counts, { namespace, waitingInPartials }),
  ];
}

function windowLines(
  counts: EventCounts,
  { namespace, waitingInPartials }: { namespace: string | null; waitingInPartials: number },
): BalanceLine[] {
  return [
    toBalanceLine({
      line: 'rows: enriched = sessions',
      namespace,
      received: counts.enriched,
      outcomes: {
        'in sessions': counts.inSessions,
        late: counts.sessionizerLate,
        'dead letters': counts.sessionizerDead,
      },
      waiting: counts.sessionizerWaiting,
    }),
    toBalanceLine({
      line: 'rows: enriched = popularity',
      namespace,
      received: counts.enriched,
      outcomes: {
        'in popularity': counts.inPopularity,
        late: counts.popularityLate,
        'without product': counts.withoutProduct,
        'dead letters': counts.popularityDead,
      },
      waiting: counts.splitWaiting + waitingInPartials,
    }),
  ];
}
