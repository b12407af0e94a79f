// A parsed event becomes the rows of the clickstream. Everything here is a function of what was sent and when it was received.
import type { Clickstream } from '@shopstream/contracts';
import { DEFAULT_NAMESPACE } from '@shopstream/contracts';
import { canonicalType } from './canonical-type.ts';
import { deriveEventId, deriveSessionId } from './derive-ids.ts';
import { findMisfit } from './find-misfit.ts';
import { type ParsedEvent, spellingOf } from './parse-event.ts';
import { accept, type Judged, refuse } from './refusal.ts';
import { settleClock } from './settle-clock.ts';
import { isBulkPurchase, splitOrder, toLineItems } from './split-order.ts';
import { toProperties } from './to-properties.ts';

/** What the server knows of a request besides its body. */
export interface Reception {
  receivedAt: number;
  /** From the user agent; used where the event does not say it. */
  agent: { device_type: string | null; browser: string | null };
}

/** An accepted event: one row, or those that a bulk purchase was split into. Never without an id and a session. */
export interface AcceptedEvent {
  eventId: string;
  rows: readonly Clickstream[];
}

const DEVICE_TYPES: Readonly<Record<string, string>> = {
  desktop: 'desktop',
  pc: 'desktop',
  mobile: 'mobile',
  phone: 'mobile',
  smartphone: 'mobile',
  tablet: 'tablet',
};

export function toRows(event: ParsedEvent, reception: Reception): Judged<AcceptedEvent> {
  const misfit = findMisfit(event);
  if (misfit) return misfit;
  const { fields } = event;
  const time = settleClock({
    sent: fields.timestamp,
    sentAt: fields.sent_at,
    receivedAt: reception.receivedAt,
  });
  if (!time.ok) return refuse(time.reason, spellingOf(event, 'timestamp'), time.message);
  const properties = toProperties(event.rest, event.contextName);
  if (!properties.ok) return properties;
  const row = toRow(event, { ...reception, ...time, properties: properties.value });
  return accept({ eventId: row.event_id, rows: isBulkPurchase(fields) ? splitOrder(row, fields) : [row] });
}

type IdentifiedRow = Clickstream & { event_id: string; session_id: string };

function toRow(
  event: ParsedEvent,
  known: Reception & { timestamp: number; clock: string; properties: Record<string, string> },
): IdentifiedRow {
  const { fields } = event;
  const namespace = fields.namespace ?? DEFAULT_NAMESPACE;
  const surface = toSurface(fields.surface);
  const widget = fields.widget ?? null;
  const type = canonicalType(fields.event_type, { widget, surface }) ?? fields.event_type;
  const session = toSession(fields, namespace);
  return {
    event_id:
      fields.event_id ?? deriveEventId(identityOf(fields, { namespace, type, receivedAt: known.receivedAt })),
    session_id: session.id,
    user_id: fields.user_id ?? null,
    anonymous_id: fields.anonymous_id ?? null,
    event_type: type,
    page_url: fields.page_url ?? null,
    referrer_url: fields.referrer_url ?? null,
    product_id: fields.product_id ?? null,
    search_query: fields.search_query ?? null,
    device_type: fields.device_type ? toDeviceType(fields.device_type) : known.agent.device_type,
    browser: fields.browser ?? known.agent.browser,
    country: fields.country ?? null,
    timestamp: known.timestamp,
    namespace,
    received_at: known.receivedAt,
    client_timestamp: fields.timestamp ?? null,
    clock: known.clock,
    session_derived: session.isDerived,
    schema_version: event.version,
    dialect: event.dialect,
    consent: fields.consent ?? 'unknown',
    quantity: fields.quantity ?? quantityFromValue(event),
    unit_price: fields.unit_price ?? null,
    currency: fields.currency ?? null,
    value: fields.value ?? null,
    order_id: fields.order_id ?? null,
    order_total: fields.order_total ?? null,
    parent_event_id: fields.parent_event_id ?? null,
    line_number: fields.line_number ?? null,
    line_items: type === 'custom' && fields.items ? toLineItems(fields.items) : [],
    cart_id: fields.cart_id ?? null,
    dwell_ms: fields.dwell_ms === undefined ? null : Math.round(fields.dwell_ms),
    surface,
    widget,
    recommended: fields.recommended ?? null,
    request_id: fields.request_id ?? null,
    rank: fields.rank ?? null,
    referrer: fields.referrer ?? null,
    experiment: fields.experiment ?? null,
    ab_bucket: fields.ab_bucket ?? null,
    properties: known.properties,
  };
}

function identityOf(
  fields: ParsedEvent['fields'],
  known: { namespace: string; type: string; receivedAt: number },
): Parameters<typeof deriveEventId>[0] {
  return {
    namespace: known.namespace,
    user: fields.user_id ?? fields.anonymous_id ?? fields.session_id ?? fields.context_session_id ?? '',
    item: fields.product_id ?? null,
    type: known.type,
    // As sent: what the server makes of it differs from one delivery to the next.
    timestamp: fields.timestamp ?? known.receivedAt,
  };
}

function toSession(fields: ParsedEvent['fields'], namespace: string): { id: string; isDerived: boolean } {
  const sent = fields.session_id ?? fields.context_session_id ?? fields.anonymous_id;
  if (sent !== undefined) return { id: sent, isDerived: false };
  return { id: deriveSessionId(namespace, fields.user_id ?? ''), isDerived: true };
}

/** The batch dialect sends the units of a cart event or a purchase as its value. */
function quantityFromValue({ dialect, fields }: ParsedEvent): number | null {
  const isCounted = ['add_to_cart', 'remove_from_cart', 'purchase'].includes(fields.event_type);
  const value = fields.value ?? 0;
  return dialect === 'batch_event' && isCounted && Number.isInteger(value) && value > 0 && value <= 1_000_000
    ? value
    : null;
}

const toDeviceType = (sent: string): string | null => {
  const name = sent.toLowerCase();
  return (Object.hasOwn(DEVICE_TYPES, name) ? DEVICE_TYPES[name] : undefined) ?? null;
};

const toSurface = (sent: string | null | undefined): string | null =>
  sent === 'homepage' ? 'home' : (sent ?? null);
