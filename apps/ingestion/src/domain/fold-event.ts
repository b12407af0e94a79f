// Every spelling of a field becomes one, and remembers how its sender wrote it, so that an error names what was sent.
import {
  EVENT_CONTEXT_NAMES,
  type EventDialect,
  type EventDialectVersion,
  eventDialects,
  type EventField,
  type EventItem,
  ITEM_SPELLINGS,
  type Spellings,
} from '@shopstream/contracts';
import { accept, type Judged, refuse } from './refusal.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface FoldedEvent {
  dialect: EventDialect;
  version: number;
  fields: Partial<Record<EventField, unknown>>;
  /** How the sender wrote a field. */
  spelled: Partial<Record<EventField, string>>;
  /** Metadata that is no field. */
  rest: Record<string, unknown>;
  /** What the sender calls its metadata. */
  contextName: string;
}

/** What the request around an event says, for events that do not say it themselves. */
export type EventDefaults = readonly { field: EventField; spelling: string; value: unknown }[];

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The dialect of an event by its shape: `action`, `type` and `eventType` are what only one of them has. */
export function dialectOf(event: JsonObject): EventDialect {
  if ('eventType' in event || 'event_type' in event) return 'event';
  if ('action' in event) return 'interaction';
  return 'type' in event ? 'batch_event' : 'event';
}

export function foldEvent(
  event: JsonObject,
  dialect: EventDialect,
  defaults: EventDefaults,
): Judged<FoldedEvent> {
  const context = readContext(event);
  if (!context.ok) return context;
  const version = readVersion(context.value, dialect);
  if (!version.ok) return version;
  const folded: FoldedEvent = {
    dialect,
    version: version.value.number,
    fields: {},
    spelled: {},
    // Without a prototype, every key is only a key.
    rest: Object.create(null) as Record<string, unknown>,
    contextName: context.value.name,
  };
  const { top, context: inContext } = version.value.spellings;
  for (const key of Object.keys(event)) {
    const field = fieldOf(top, key);
    if (field !== undefined) take(folded, field, { spelling: key, value: event[key] });
  }
  foldContext(folded, context.value, inContext);
  for (const { field, spelling, value } of defaults) take(folded, field, { spelling, value });
  if (Array.isArray(folded.fields.items)) folded.fields.items = folded.fields.items.map(foldItem);
  return accept(folded);
}

const fieldOf = (spellings: Spellings, key: string): EventField | undefined =>
  Object.hasOwn(spellings, key) ? spellings[key] : undefined;

function take(folded: FoldedEvent, field: EventField, found: { spelling: string; value: unknown }): void {
  if (found.value === null || found.value === undefined || field in folded.fields) return;
  folded.fields[field] = found.value;
  folded.spelled[field] = found.spelling;
}

interface Context {
  name: string;
  entries: JsonObject;
}

/** Metadata under any of its names; where there are several, the first wins each key. */
function readContext(event: JsonObject): Judged<Context> {
  let found: Context | undefined;
  for (const name of EVENT_CONTEXT_NAMES) {
    const value = event[name];
    if (value === undefined || value === null) continue;
    if (!isJsonObject(value)) return refuse('invalid_field', name, 'must be an object');
    found = found ? { name: found.name, entries: { ...value, ...found.entries } } : { name, entries: value };
  }
  return accept(found ?? { name: 'metadata', entries: {} });
}

const VERSION_KEYS = ['schemaVersion', 'schema_version'] as const;

function readVersion(
  context: Context,
  dialect: EventDialect,
): Judged<{ number: number; spellings: EventDialectVersion }> {
  const versions = eventDialects[dialect];
  const key = VERSION_KEYS.find(
    (name) => context.entries[name] !== undefined && context.entries[name] !== null,
  );
  // Senders that name no version are older than versions are.
  const sent = key === undefined ? 1 : context.entries[key];
  const number = toVersion(sent);
  const spellings = versions[number];
  if (spellings !== undefined) return accept({ number, spellings });
  const field = `${context.name}.${key ?? 'schemaVersion'}`;
  const known = Object.keys(versions).join(', ');
  return Number.isNaN(number)
    ? refuse('unsupported_schema_version', field, 'must be a version number such as 1')
    : refuse('unsupported_schema_version', field, `version ${number} is not supported; supported: ${known}`);
}

function toVersion(value: unknown): number {
  if (typeof value === 'number') return Number.isInteger(value) ? value : NaN;
  return typeof value === 'string' && /^\d{1,9}(\.0)*$/.test(value) ? parseInt(value, 10) : NaN;
}

function foldContext(folded: FoldedEvent, context: Context, spellings: Spellings): void {
  for (const key of Object.keys(context.entries)) {
    const value = context.entries[key];
    const field = fieldOf(spellings, key);
    if (field !== undefined) take(folded, field, { spelling: `${context.name}.${key}`, value });
    else if (!(VERSION_KEYS as readonly string[]).includes(key)) folded.rest[key] = value;
  }
}

function foldItem(item: unknown): unknown {
  if (!isJsonObject(item)) return item;
  const folded: Partial<Record<keyof EventItem, unknown>> = {};
  for (const key of Object.keys(item)) {
    const field = Object.hasOwn(ITEM_SPELLINGS, key) ? ITEM_SPELLINGS[key] : undefined;
    if (field !== undefined && item[key] !== null) folded[field] ??= item[key];
  }
  return folded;
}
