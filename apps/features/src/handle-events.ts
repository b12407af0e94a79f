// Order makes it exact: read the sessions, write what their events change (each key skips offsets it has seen), then remember the
// events in the sessions. Cut off anywhere, the same records lead to the same changes again.
import type { BatchHandler, Outcome, StreamRecord } from '@shopstream/streams';
import { isItemEvent, toFeatureEvent } from './domain/feature-event.ts';
import type { EventTopic, ItemEvent } from './domain/feature-event.ts';
import type { FeatureStore, Session } from './domain/feature-store.ts';
import type { HalfLives } from './domain/half-lives.ts';
import { toSessionWindow } from './domain/session-window.ts';
import type { SessionWindow } from './domain/session-window.ts';
import { toChanges } from './domain/to-changes.ts';
import type { FeatureMetrics } from './metrics.ts';

const sourceNames: Record<EventTopic, string> = { 'ecom.events-enriched.v1': 'e', 'ecom.signals.v1': 's' };

/** Records worked on at once: bounds what one pipeline asks of Redis. */
const CHUNK_RECORDS = 250;

interface Deps {
  halfLives: HalfLives;
  metrics: FeatureMetrics;
}

export function createEventHandler(store: FeatureStore, deps: Deps): BatchHandler<EventTopic> {
  return async (records) => {
    const outcomes: Outcome[] = [];
    for (let from = 0; from < records.length; from += CHUNK_RECORDS) {
      outcomes.push(...(await handleChunk(store, records.slice(from, from + CHUNK_RECORDS), deps)));
    }
    return outcomes;
  };
}

async function handleChunk(
  store: FeatureStore,
  records: readonly StreamRecord<EventTopic>[],
  { halfLives, metrics }: Deps,
): Promise<Outcome[]> {
  const [first] = records;
  if (!first) return [];
  const decisions = records.map(toFeatureEvent);
  const events = decisions.flatMap((decision) => (decision.kind === 'use' ? [decision.event] : []));
  const itemEvents = events.filter(isItemEvent);
  const source = `${sourceNames[first.topic]}${first.partition}`;

  const windowOf = await readWindows(store, itemEvents);
  const result = await store.apply(toChanges(events, { source, halfLives, windowOf }));
  await store.remember(itemEvents);

  metrics.updates.inc({ result: 'applied' }, result.applied);
  metrics.updates.inc({ result: 'already_applied' }, result.alreadyApplied);
  const receivedAt = first.value.received_at;
  if (receivedAt !== null) metrics.ageSeconds.observe(Math.max(0, Date.now() - receivedAt) / 1_000);
  return decisions.map((decision) => (decision.kind === 'use' ? { kind: 'done' } : decision));
}

async function readWindows(
  store: FeatureStore,
  events: readonly ItemEvent[],
): Promise<(event: ItemEvent) => SessionWindow> {
  const keyOf = ({ namespace, sessionId }: Session) => `${namespace}:${sessionId}`;
  const sessions = [...new Map(events.map((event) => [keyOf(event), event])).values()];
  const recent = await store.recentOf(sessions);
  const windows = new Map(sessions.map((session, i) => [keyOf(session), toSessionWindow(recent[i] ?? [])]));
  return (event) => windows.get(keyOf(event)) ?? new Map();
}
