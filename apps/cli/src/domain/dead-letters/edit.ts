import { placeOf } from './dead-letter.ts';
import { isJsonObject, type JsonObject } from './original-event.ts';
import type { RedriveItem } from './redrive-plan.ts';

/** `field=value`, the value as JSON where it is some, otherwise as text. */
export interface Assignment {
  path: readonly string[];
  value: unknown;
}

/** Undefined for what is no assignment. */
export function parseAssignment(text: string): Assignment | undefined {
  const [, field, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  return field === undefined ? undefined : { path: field.split('.'), value: toValue(value) };
}

function toValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The record with other values at some of its fields; objects on the way are made where they are missing. */
export function assign(record: JsonObject, assignments: readonly Assignment[]): JsonObject {
  const copy = structuredClone(record);
  for (const { path, value } of assignments) {
    let inner: Record<string, unknown> = copy;
    for (const name of path.slice(0, -1)) {
      const next = inner[name];
      inner = (typeof next === 'object' && next !== null ? next : (inner[name] = {})) as JsonObject;
    }
    inner[path.at(-1) ?? ''] = value;
  }
  return copy;
}

/** The line in which an item is edited. Only `record` is read back; a line taken out leaves its dead letter as it is. */
export function toEditLine({ letters: [letter], target, record, problem }: RedriveItem): string {
  const { stage, reason, field, message, value } = letter.row;
  const why = { stage, reason, field, message, target, ...(problem !== null && { problem }) };
  const original = record === null ? { text: value?.toString('utf8') ?? null } : {};
  return JSON.stringify({ dead_letter: placeOf(letter), ...why, ...original, record });
}

/** Items as edited. @throws Error naming the line that cannot be read */
export function applyEdits(items: readonly RedriveItem[], text: string): RedriveItem[] {
  const byPlace = new Map(items.map((item) => [placeOf(item.letters[0]), item]));
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const edited = parseLine(line, index + 1);
    const item = byPlace.get(edited.place);
    if (item === undefined) throw new Error(`line ${index + 1}: ${edited.place} was not among those to edit`);
    byPlace.delete(edited.place);
    return [edited.record === null ? item : { ...item, record: edited.record, problem: null }];
  });
}

function parseLine(line: string, number: number): { place: string; record: JsonObject | null } {
  const value = toValue(line);
  const record = isJsonObject(value) ? value['record'] : undefined;
  const place = isJsonObject(value) ? value['dead_letter'] : undefined;
  if (typeof place !== 'string') throw new Error(`line ${number} must be a JSON object with "dead_letter"`);
  if (record !== null && !isJsonObject(record))
    throw new Error(`line ${number}: "record" must be a JSON object`);
  return { place, record };
}
