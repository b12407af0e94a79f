/** The canonical event types, past the edge the only spelling there is. */
export const EVENT_TYPES = [
  'page_view',
  'impression',
  'click',
  'add_to_cart',
  'remove_from_cart',
  'purchase',
  'search',
  'like',
  'dislike',
  'watch',
  'custom',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** The types that feed sessions and popularity; every other valid type flows to the signals topic. */
export const CLEAN_EVENT_TYPES = [
  'page_view',
  'click',
  'add_to_cart',
  'remove_from_cart',
  'purchase',
  'search',
] as const satisfies readonly EventType[];

/** Spellings and codes that intake accepts besides the canonical names. */
export const EVENT_TYPE_ALIASES: Readonly<Record<string, EventType>> = {
  view: 'page_view',
  add: 'add_to_cart',
  '0': 'page_view',
  '1': 'click',
  '2': 'add_to_cart',
  '3': 'purchase',
  '4': 'custom',
};

const canonical: ReadonlySet<string> = new Set(EVENT_TYPES);
const clean: ReadonlySet<string> = new Set(CLEAN_EVENT_TYPES);

export const isEventType = (value: string): value is EventType => canonical.has(value);

export const isCleanEventType = (value: string): boolean => clean.has(value);

/** The canonical type of a spelling or code, or undefined for an unknown one. */
export function toEventType(value: string | number): EventType | undefined {
  const text = String(value);
  if (isEventType(text)) return text;
  return Object.hasOwn(EVENT_TYPE_ALIASES, text) ? EVENT_TYPE_ALIASES[text] : undefined;
}

/** Ranking weights before an operator edits them: the shop's own five, the rest interaction weights divided by five. */
export const DEFAULT_EVENT_WEIGHTS: Readonly<Record<EventType, number>> = {
  page_view: 0.05,
  impression: 0.02,
  click: 0.2,
  add_to_cart: 0.7,
  remove_from_cart: 0,
  purchase: 1,
  search: 0,
  like: 0.4,
  dislike: -0.6,
  watch: 0.6,
  custom: 0.1,
};
