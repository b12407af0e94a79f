import { type EventDialect, type EventField, type EventFields, eventSchema } from '@shopstream/contracts';
import type { z } from 'zod';
import { type EventDefaults, foldEvent, type FoldedEvent, isJsonObject } from './fold-event.ts';
import { accept, type Judged, refuse, type RefusalReason } from './refusal.ts';

export interface ParsedEvent extends Omit<FoldedEvent, 'fields'> {
  fields: EventFields;
}

/** What each dialect calls the fields that may be missing. */
const USUAL_NAMES: Record<EventDialect, Partial<Record<EventField, string>>> = {
  event: {
    event_type: 'eventType',
    product_id: 'productId',
    user_id: 'userId',
    search_query: 'metadata.query',
  },
  batch_event: { event_type: 'type', product_id: 'item_id', search_query: 'meta.search_query' },
  interaction: { event_type: 'action', product_id: 'item_id', search_query: 'context.search_query' },
};

/** The sender's name of a field. */
export function spellingOf(event: Pick<FoldedEvent, 'dialect' | 'spelled'>, field: EventField): string {
  return event.spelled[field] ?? USUAL_NAMES[event.dialect][field] ?? field;
}

/** Types and limits of one event; what its fields mean together is judged later. */
export function parseEvent(
  event: unknown,
  dialect: EventDialect,
  defaults: EventDefaults,
): Judged<ParsedEvent> {
  if (!isJsonObject(event)) return refuse('not_an_object', 'event', 'must be an object');
  const folded = foldEvent(event, dialect, defaults);
  if (!folded.ok) return folded;
  const parsed = eventSchema.safeParse(folded.value.fields);
  if (parsed.success) return accept({ ...folded.value, fields: parsed.data });
  const [issue] = parsed.error.issues;
  return issue ? fromIssue(issue, folded.value) : refuse('invalid_field', 'event', 'is invalid');
}

function fromIssue(issue: z.core.$ZodIssue, folded: FoldedEvent): Judged<never> {
  const [first, ...path] = issue.path;
  const field = first as EventField;
  const isMissing = path.length === 0 && !(field in folded.fields);
  const where = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const message = isMissing ? 'is required' : issue.message;
  return refuse(reasonOf(field, { isMissing, issue }), `${spellingOf(folded, field)}${where}`, message);
}

function reasonOf(field: EventField, found: { isMissing: boolean; issue: z.core.$ZodIssue }): RefusalReason {
  if (found.isMissing) return 'missing_field';
  if (field === 'user_id') return 'invalid_user_id';
  if (field === 'namespace') return 'invalid_namespace';
  return field === 'event_type' ? 'unknown_event_type' : 'invalid_field';
}
