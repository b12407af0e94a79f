import { type EventType, toEventType } from '@shopstream/contracts';

/**
 * The event type by which an event flows on: a view in a widget of a list is an impression, so that what was only shown never
 * counts as a product view. Undefined for unknown spellings.
 */
export function canonicalType(
  spelling: string,
  shown: { widget: string | null; surface: string | null },
): EventType | undefined {
  const type = toEventType(spelling);
  return type === 'page_view' && shown.widget !== null && shown.surface !== 'pdp' ? 'impression' : type;
}
