// One event's way, as steps with their times. Each step follows from the one that caused it.
import type { Redis } from '@shopstream/stores';
import type { CleanEvent, EnrichedEvent, TopicName } from '@shopstream/contracts';
import { messageOf } from '@shopstream/platform';
import type { Streams } from '@shopstream/streams';
import { findDeadLetters } from './adapters/event-dead-letters.ts';
import { type HeldIn, readFeatureKeys } from './adapters/feature-keys.ts';
import { type EventName, findParts, findRecords } from './adapters/find-event.ts';
import { followEvent } from './adapters/follow-event.ts';
import { createLogSearch } from './adapters/log-search.ts';
import { findInHistory, traceRecommendations } from './adapters/shopper-trace.ts';
import { acceptedSteps, deadLetterSteps, followedSteps } from './domain/trace/log-steps.ts';
import type { Followed, Found } from './domain/trace/found.ts';
import { type Step, toStep, type Trace } from './domain/trace/step.ts';

export interface TraceDeps {
  streams: Streams;
  redis: Redis;
  gateway: string;
  sinceMs: number;
  signal: AbortSignal;
}

export async function traceEvent(event: EventName, deps: TraceDeps): Promise<Trace> {
  const { streams, redis, sinceMs, signal } = deps;
  const search = createLogSearch(streams, signal);
  const name = { event_id: event.eventId, namespace: event.namespace };
  const records = await findRecords(event, { search, redis, sinceMs });
  const [first] = records;
  if (first === undefined) {
    const refused = await findDeadLetters(event, { search, sinceMs, records: [] });
    if (refused.length > 0) return { ...name, status: 'refused', steps: deadLetterSteps(refused, null) };
    const parts = await findParts(event, { search, sinceMs });
    const what = { parts: parts.join(', ') };
    return parts.length > 0
      ? { ...name, status: 'split', steps: [toStep('split', 'ecom.clickstream.v1', { what })] }
      : { ...name, status: 'unknown', steps: [] };
  }
  const followed = await followEvent(first, { streams, search });
  const known: Found<TopicName>[] = [
    ...records,
    ...[followed.cleaned, followed.enriched].filter((row) => row !== undefined),
  ];
  const dead = await findDeadLetters(event, { search, sinceMs: first.timestamp, records: known });
  const steps = [
    ...acceptedSteps(records),
    ...followedSteps(first, followed),
    ...deadLetterSteps(dead, first.timestamp),
  ];
  if (followed.cleaned === undefined && dead.length === 0) steps.push(waitingStep);
  const row = followed.enriched?.value ?? signalOf(followed.cleaned);
  if (row !== undefined) steps.push(...(await storeSteps(row, deps)));
  return { ...name, status: 'accepted', steps };
}

const waitingStep = toStep('cleaning', 'ecom.clickstream.v1', {
  what: { note: 'nothing has come of it: it is waiting, or a duplicate of an older record' },
});

const signalOf = (cleaned: Followed['cleaned']): CleanEvent | undefined =>
  cleaned?.topic === 'ecom.signals.v1' ? cleaned.value : undefined;

/** Where the row has gone from the log; a store that does not answer is said, and the others are asked. */
async function storeSteps(row: EnrichedEvent | CleanEvent, { redis, gateway }: TraceDeps): Promise<Step[]> {
  const steps = await Promise.all([
    readFeatureKeys(redis, row).then(featureSteps, failed('features', 'Redis')),
    row.user_identifier === null
      ? [toStep('history', 'Cassandra', { what: { note: 'nobody is named: kept under its item alone' } })]
      : historySteps(gateway, row).catch(failed('history', 'Cassandra, by the gateway')),
    row.user_identifier === null
      ? []
      : recommendationSteps(gateway, row).catch(failed('recommended', 'GET /v1/recommendations')),
  ]);
  return steps.flat();
}

const failed =
  (step: string, where: string) =>
  (error: unknown): Step[] => [toStep(step, where, { what: { error: messageOf(error) || 'no answer' } })];

const featureSteps = (held: readonly HeldIn[]): Step[] =>
  held.length === 0
    ? [toStep('features', 'Redis', { what: { note: 'no key holds it' } })]
    : held.map(({ key, holds, value }) => toStep('features', `Redis ${key}`, { what: { holds, value } }));

async function historySteps(gateway: string, row: EnrichedEvent | CleanEvent): Promise<Step[]> {
  const found = await findInHistory(gateway, row);
  const what =
    found === undefined ? { note: 'not there yet' } : { action: found.action, item: found.item_id };
  const where = `Cassandra interactions of ${row.user_identifier ?? ''}`;
  return [toStep('history', where, { what })];
}

async function recommendationSteps(gateway: string, row: EnrichedEvent | CleanEvent): Promise<Step[]> {
  if (row.product_id === null) return [];
  const { because_of_it, own_rank, items } = await traceRecommendations(gateway, row);
  const because = because_of_it.map(({ item_id, rank }) => `${item_id} (${rank})`).join(', ');
  const itself =
    own_rank === null ? `${row.product_id} is left out` : `${row.product_id} has rank ${own_rank}`;
  const what = { items, 'because of it': because || 'none', itself };
  return [toStep('recommended', `GET /v1/recommendations of ${row.user_identifier ?? ''}`, { what })];
}
