// Order makes it exact: read the sessions, write what their events change (each key skips offsets it has seen), then remember the
// events in the sessions. Cut off anywhere, the same records lead to the same changes again.
import type { BatchHandler } from '@shopstream/streams';
import { isItemEvent, toFeatureEvent } from './domain/feature-event.ts';
import type { EventTopic, ItemEvent } from './domain/feature-event.ts';
import type { FeatureStore, Session } from './domain/feature-store.ts';
import type { HalfLives } from './domain/half-lives.ts';
import { toSessionWindow } from './domain/session-window.ts';
import type { SessionWindow } from './domain/session-window.ts';
import { toChanges } from './domain/to-changes.ts';
import type { FeatureMetrics } from './metrics.ts';

const sourceNames: Record<EventTopic, string> = { 'ecom.events-enriched.v1': 'e', 'ecom.signals.v1': 's' };

export function createEventHandler(
  store: FeatureStore,
  { halfLives, metrics }: { halfLives: HalfLives; metrics: FeatureMetrics },
): BatchHandler<EventTopic> {
  return async (records) => {
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
    observeAge(records, metrics);
    return decisions.map((decision) => (decision.kind === 'use' ? { kind: 'done' } : decision));
  };
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

/** The oldest record is the first of its partition. */
function observeAge([first]: Parameters<BatchHandler<EventTopic>>[0], metrics: FeatureMetrics): void {
  const receivedAt = first?.value.received_at;
  if (receivedAt) metrics.ageSeconds.observe(Math.max(0, Date.now() - receivedAt) / 1_000);
}
