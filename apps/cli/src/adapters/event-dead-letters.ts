import { REDRIVE_STAGE, type TopicName } from '@shopstream/contracts';
import type { Found } from '../domain/trace/found.ts';
import type { EventName } from './find-event.ts';
import type { LogSearch } from './log-search.ts';

/** A dead letter is appended after its failure; what it names may lie a little before the time that is looked from. */
const SLACK_MS = 60_000;

/** Dead letters of an event: by its id, or by the coordinates of its records. */
export function findDeadLetters(
  { eventId, namespace }: EventName,
  options: { search: LogSearch; sinceMs: number; records: readonly Found<TopicName>[] },
): Promise<Found<'ecom.dead-letter.v1'>[]> {
  const sources = new Set(options.records.map((at) => `${at.topic}:${at.partition}:${at.offset}`));
  const from = { timeMs: options.sinceMs - SLACK_MS };
  return options.search.all('ecom.dead-letter.v1', { from }, (row) => {
    if (row.stage === REDRIVE_STAGE) return false;
    const source = `${row.source_topic ?? ''}:${row.source_partition ?? ''}:${row.source_offset ?? ''}`;
    return sources.has(source) || (row.event_id === eventId && (row.namespace ?? namespace) === namespace);
  });
}
