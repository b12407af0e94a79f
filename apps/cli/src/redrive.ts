// Sends records again and notes it in the topic of the dead letters. Whatever is cut off between the two is sent once more by the next
// call: cleaning drops it by its event id. Behind cleaning nobody would, so there record and note become visible together.
import { topics } from '@shopstream/contracts';
import type { EventProducer, JointProducer, Output } from '@shopstream/streams';
import type { EventIntake } from './adapters/event-intake.ts';
import { type Fate, type Letter, placeOf, toNote } from './domain/dead-letters/dead-letter.ts';
import type { JsonObject } from './domain/dead-letters/original-event.ts';
import type { LeftOut, RedriveItem, Target } from './domain/dead-letters/redrive-plan.ts';
import { toRow } from './domain/row-of-json.ts';

export interface Redriven {
  dead_letter: string;
  target: Target;
  event_id: string | null;
}

export interface RedriveReport {
  redriven: Redriven[];
  refused_again: { dead_letter: string; field: string | undefined; reason: string | undefined }[];
  left_out: LeftOut[];
}

export interface RedriveDeps {
  intake: Pick<EventIntake, 'send'>;
  /** Acknowledges what it is sent. */
  producer: Pick<EventProducer, 'send'>;
  joint: Pick<JointProducer, 'send'>;
  signal: AbortSignal;
  nowMs: () => number;
}

export type ReadyItem = RedriveItem & { record: JsonObject };

const EVENTS_PER_REQUEST = 100;

/** Ends early, after what is on its way, when the signal aborts. */
export async function redrive(items: readonly ReadyItem[], deps: RedriveDeps): Promise<RedriveReport> {
  const report: RedriveReport = { redriven: [], refused_again: [], left_out: [] };
  const events = items.filter(({ target }) => target === 'collector');
  for (let from = 0; from < events.length && !deps.signal.aborted; from += EVENTS_PER_REQUEST) {
    await sendEvents(events.slice(from, from + EVENTS_PER_REQUEST), report, deps);
  }
  for (const item of items) {
    if (item.target !== 'collector' && !deps.signal.aborted) await sendRow(item, report, deps);
  }
  return report;
}

async function sendEvents(
  items: readonly ReadyItem[],
  report: RedriveReport,
  { intake, producer, nowMs }: RedriveDeps,
): Promise<void> {
  const results = await intake.send(items.map(({ record }) => record));
  const notes: Output[] = [];
  items.forEach((item, index) => {
    const { status, event_id, field, reason } = results[index] ?? { status: 'refused', event_id: null };
    const fate = status === 'accepted' ? 'redriven' : 'refused_again';
    notes.push(...toNotes(item, { fate, eventId: event_id, atMs: nowMs() }));
    const dead_letter = placeOf(item.letters[0]);
    if (fate === 'redriven') report.redriven.push({ dead_letter, target: item.target, event_id });
    else report.refused_again.push({ dead_letter, field, reason });
  });
  await producer.send(notes);
}

async function sendRow(item: ReadyItem, report: RedriveReport, deps: RedriveDeps): Promise<void> {
  const [letter] = item.letters;
  const output = toOutput(item, letter);
  const eventId = 'event_id' in output.value ? output.value.event_id : null;
  const notes = toNotes(item, { fate: 'redriven', eventId, atMs: deps.nowMs() });
  try {
    if (item.target === 'ecom.clickstream.v1') {
      await deps.producer.send([output]);
      await deps.producer.send(notes);
    } else await deps.joint.send([output, ...notes]);
  } catch (error) {
    if (!isMisfit(error)) throw error;
    report.left_out.push({ dead_letter: placeOf(letter), reason: error.message });
    return;
  }
  report.redriven.push({ dead_letter: placeOf(letter), target: item.target, event_id: eventId });
}

/** A row that does not fit its schema was not sent. */
const isMisfit = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith('does not fit the schema');

function toOutput({ target, record }: ReadyItem, { row }: Letter): Output {
  if (target === 'collector') throw new Error('events of the collector are no rows');
  const value = toRow(target, record);
  if (topics[target].key !== null) return { topic: target, value } as Output;
  const key = { key: row.key?.toString() ?? '', partition: row.source_partition ?? 0 };
  return { topic: target, value, key } as Output;
}

function toNotes(
  { letters, target }: ReadyItem,
  outcome: { fate: Fate; eventId: string | null; atMs: number },
): Output[] {
  return letters.map((letter) => ({
    topic: 'ecom.dead-letter.v1',
    value: toNote(letter, { ...outcome, target: target === 'collector' ? 'the collector' : target }),
  }));
}
