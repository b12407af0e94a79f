import { type TopicName } from '@shopstream/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { integer } from '../context.ts';
import { parsePlace, placeOf } from '../domain/dead-letters/dead-letter.ts';
import type { LetterFilter } from '../domain/dead-letters/letter-index.ts';
import { toTopicName } from '../domain/topic-name.ts';
import { parseNamespace } from '../namespace-option.ts';
import { parseTime } from '../time-option.ts';

export interface FilterOptions {
  stage?: string;
  reason?: string;
  field?: string;
  namespace?: string;
  topic?: TopicName;
  since?: number;
  until?: number;
  limit?: number;
  json?: boolean;
}

/** Options that say which dead letters are meant. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--stage <name>', 'who gave up: collector, cleaning, enrichment …')
    .option('--reason <reason>', 'such as invalid_field or undecodable')
    .option('--field <name>', 'field at fault')
    .option('--namespace <name>', 'tenant', parseNamespace)
    .option('--topic <name>', 'topic of the record; what the collector refused has none', parseTopic)
    .option('--since <time>', 'given up at or after this time, ISO 8601 or 30m, 24h, 7d ago', parseTime)
    .option('--until <time>', 'given up before this time', parseTime)
    .option('--limit <count>', 'at most so many', integer({ min: 1 }));
}

export function toFilter(options: FilterOptions, places: readonly string[] = []): LetterFilter {
  const { stage, reason, field, namespace, topic, since: sinceMs, until: untilMs } = options;
  const wanted = places.length === 0 ? undefined : new Set(places);
  return { stage, reason, field, namespace, topic, sinceMs, untilMs, places: wanted };
}

/** A dead letter as an argument. */
export function parsePlaceArgument(text: string): string {
  const place = parsePlace(text);
  if (place !== undefined) return placeOf(place);
  throw new InvalidArgumentError('It must look like PARTITION:OFFSET; `shopstream dlq list` shows them.');
}

function parseTopic(text: string): TopicName {
  const topic = toTopicName(text);
  if (topic === undefined) throw new InvalidArgumentError('There is no such topic.');
  return topic;
}
