// What is to be sent again of dead letters, and where to. One item a record: several stages may have given up on the same one.
import { consumerGroups, type DeadLetter, type TopicName, topics } from '@shopstream/contracts';
import { type Letter, placeOf, sourceOf } from './dead-letter.ts';
import { isJsonObject, type JsonObject, toOriginalEvent } from './original-event.ts';

export type Target = 'collector' | TopicName;

export interface RedriveItem {
  /** Dead letters of this record, the first in front. */
  letters: readonly [Letter, ...Letter[]];
  target: Target;
  /** What is sent: an event for the collector, else a row; null where the original cannot be read. */
  record: JsonObject | null;
  /** Why it cannot be sent as it is; an edit may mend it. */
  problem: string | null;
}

export interface LeftOut {
  dead_letter: string;
  reason: string;
}

export interface PlanDeps {
  givenUpBy: (row: DeadLetter) => ReadonlySet<string>;
  /** The row in a topic's bytes as JSON. @throws when they cannot be decoded */
  decode: (topic: TopicName, bytes: Buffer) => Promise<JsonObject>;
}

export interface RedrivePlan {
  items: RedriveItem[];
  leftOut: LeftOut[];
}

/** The bytes of a dead letter are cut by whoever writes it, and its message says so. */
const CUT = /the first \d+ of \d+ bytes/;

export async function planRedrive(letters: readonly Letter[], deps: PlanDeps): Promise<RedrivePlan> {
  const plan: RedrivePlan = { items: [], leftOut: [] };
  for (const group of groupBySource(letters)) {
    const [{ row }] = group;
    const refusal = refusalOf(row, deps.givenUpBy(row));
    if (refusal === undefined) plan.items.push(await toItem(group, deps));
    else plan.leftOut.push(...group.map((letter) => ({ dead_letter: placeOf(letter), reason: refusal })));
  }
  return plan;
}

function groupBySource(letters: readonly Letter[]): [Letter, ...Letter[]][] {
  const groups = new Map<string, [Letter, ...Letter[]]>();
  for (const letter of letters) {
    const key = sourceOf(letter.row) ?? placeOf(letter);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [letter]);
    else group.push(letter);
  }
  return [...groups.values()];
}

/** Why a record must not go back: whoever has processed it would count a second copy. Only cleaning knows duplicates. */
function refusalOf(row: DeadLetter, givenUpBy: ReadonlySet<string>): string | undefined {
  const topic = row.source_topic;
  if (topic === null || topic === 'ecom.clickstream.v1') return undefined;
  if (!(topic in topics)) return `nobody knows the topic ${topic}`;
  const readers = Object.entries(consumerGroups).flatMap(([group, inputs]) =>
    (inputs as readonly string[]).includes(topic) ? [group] : [],
  );
  const others = readers.filter((reader) => !givenUpBy.has(reader));
  return others.length === 0 ? undefined : `${others.join(', ')} would count the record of ${topic} twice`;
}

async function toItem(letters: [Letter, ...Letter[]], { decode }: PlanDeps): Promise<RedriveItem> {
  const [{ row }] = letters;
  const target = (row.source_topic ?? 'collector') as Target;
  if (row.value === null) return { letters, target, record: null, problem: 'it has no bytes' };
  if (CUT.test(row.message)) return { letters, target, record: null, problem: 'its bytes were cut' };
  try {
    const record = target === 'collector' ? parseEvent(row, row.value) : await decode(target, row.value);
    return { letters, target, record, problem: null };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { letters, target, record: null, problem };
  }
}

function parseEvent(row: DeadLetter, bytes: Buffer): JsonObject {
  const event = JSON.parse(bytes.toString('utf8')) as unknown;
  if (!isJsonObject(event)) throw new Error('it is no JSON object');
  // What is nested too deeply to be written out again cannot be sent.
  JSON.stringify(event);
  return toOriginalEvent(event, row);
}
