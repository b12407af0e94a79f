// What a request's events become: rows and dead letters, written together, answered only after Kafka has both.
import type { Clickstream } from '@shopstream/contracts';
import type { Output } from '@shopstream/streams';
import { type EventRequest, judgeEvent } from './domain/judge-event.ts';
import { toDeadLetter } from './domain/refused-event.ts';
import type { Judged } from './domain/refusal.ts';
import type { AcceptedEvent } from './domain/to-rows.ts';
import type { IngestionMetrics } from './metrics.ts';
import type { RowWriter } from './row-writer.ts';

/** The events of a request, and what is around them. */
export interface Incoming {
  events: readonly unknown[];
  request: EventRequest;
  /** The bytes of an event as they were sent; asked for only when it is refused. */
  bytesOf: (index: number) => Buffer;
}

export interface Collector {
  /** Judges each event alone; resolves when Kafka has acknowledged every row and dead letter. */
  collect(incoming: Incoming): Promise<Judged<AcceptedEvent>[]>;
}

export function createCollector(deps: { writer: RowWriter; metrics: IngestionMetrics }): Collector {
  return {
    async collect(incoming) {
      const results = incoming.events.map((event) => judgeEvent(event, incoming.request));
      await deps.writer.write(results.flatMap((result, index) => toOutputs(result, index, incoming)));
      for (const result of results) count(deps.metrics, result);
      return results;
    },
  };
}

function toOutputs(result: Judged<AcceptedEvent>, index: number, incoming: Incoming): Output[] {
  if (result.ok) return result.value.rows.map((value) => ({ topic: 'ecom.clickstream.v1', value }));
  const sent = {
    event: incoming.events[index],
    bytes: incoming.bytesOf(index),
    receivedAt: incoming.request.receivedAt,
    defaults: incoming.request.defaults,
  };
  return [{ topic: 'ecom.dead-letter.v1', value: toDeadLetter(result.refusal, sent) }];
}

function count(metrics: IngestionMetrics, result: Judged<AcceptedEvent>): void {
  if (result.ok) for (const row of result.value.rows) countRow(metrics, row);
  else metrics.refused.inc({ reason: result.refusal.reason });
}

function countRow(metrics: IngestionMetrics, row: Clickstream): void {
  metrics.accepted.inc({ event_type: row.event_type ?? '', dialect: row.dialect });
  metrics.clocks.inc({ clock: row.clock });
}
