import { coordinatesOf, type Followed, type Found, type WindowTrace } from './found.ts';
import { type Step, toStep } from './step.ts';

/** From the sender to the log; further records of the same id are duplicates. */
export function acceptedSteps(records: readonly Found<'ecom.clickstream.v1'>[]): Step[] {
  const [first, ...others] = records;
  if (first === undefined) return [];
  const { value, timestamp } = first;
  const { event_type: type, clock, received_at: receivedMs, session_id, user_id, product_id } = value;
  const who = { type, user: user_id, session: session_id, product: product_id };
  const received =
    receivedMs === null
      ? []
      : [toStep('received', 'collector', { atMs: receivedMs, sinceMs: value.timestamp, what: { clock } })];
  return [
    toStep('happened', 'sender', { atMs: value.timestamp, what: who }),
    ...received,
    toStep('accepted', coordinatesOf(first), { atMs: timestamp, sinceMs: receivedMs }),
    ...others.map((other) =>
      toStep('sent again', coordinatesOf(other), {
        atMs: other.timestamp,
        sinceMs: timestamp,
        what: { note: 'dropped as a duplicate within 24 hours' },
      }),
    ),
  ];
}

export function followedSteps(record: Found<'ecom.clickstream.v1'>, followed: Followed): Step[] {
  const { cleaned, enriched, session, popularity, late } = followed;
  if (cleaned === undefined) return [];
  const name = cleaned.topic === 'ecom.signals.v1' ? 'signal' : 'clean';
  const steps = [
    toStep(name, coordinatesOf(cleaned), { atMs: cleaned.timestamp, sinceMs: record.timestamp }),
  ];
  if (enriched === undefined) return steps;
  steps.push(enrichedStep(enriched, cleaned.timestamp));
  if (session !== undefined) steps.push(...windowSteps('session', session, enriched.timestamp));
  if (popularity !== undefined) steps.push(...windowSteps('popularity', popularity, enriched.timestamp));
  return [...steps, ...late.map((row) => lateStep(row, enriched.timestamp))];
}

function enrichedStep(enriched: Found<'ecom.events-enriched.v1'>, sinceMs: number): Step {
  const { product_name: name, product_category: category, product_price: price } = enriched.value;
  const what = enriched.value.product_id === null ? {} : { product: name, category, price };
  return toStep('enriched', coordinatesOf(enriched), { atMs: enriched.timestamp, sinceMs, what });
}

function windowSteps(
  name: string,
  { first, newest }: WindowTrace<'ecom.user-sessions.v1'> | WindowTrace<'ecom.product-popularity.v1'>,
  sinceMs: number,
): Step[] {
  const { value } = newest;
  const events = 'event_count' in value ? value.event_count : value.total_interactions;
  const start = 'session_start' in value ? value.session_start : value.window_start;
  const what = {
    window: new Date(start).toISOString(),
    events,
    revision: value.revision,
    final: value.is_final,
  };
  const steps = [
    toStep(name, coordinatesOf(first), {
      atMs: first.timestamp,
      sinceMs,
      what: { note: 'first row that counts it' },
    }),
  ];
  steps.push(toStep(`${name}, newest`, coordinatesOf(newest), { atMs: newest.timestamp, sinceMs, what }));
  return steps;
}

function lateStep(row: Found<'ecom.late.v1'>, sinceMs: number): Step {
  const { stage, reason, window_end, watermark } = row.value;
  const what = {
    stage,
    reason,
    'window end': new Date(window_end).toISOString(),
    watermark: new Date(watermark).toISOString(),
  };
  return toStep('late', coordinatesOf(row), { atMs: row.timestamp, sinceMs, what });
}

export const deadLetterSteps = (
  letters: readonly Found<'ecom.dead-letter.v1'>[],
  sinceMs: number | null,
): Step[] =>
  letters.map((letter) => {
    const { stage, reason, field, message } = letter.value;
    const what = { stage, reason, field, message };
    return toStep('dead letter', coordinatesOf(letter), { atMs: letter.timestamp, sinceMs, what });
  });
