// A bulk purchase becomes one purchase a line and an order summary, with ids derived from its own.
import type { Clickstream, EventFields, EventItem } from '@shopstream/contracts';
import { deriveOrderEventId } from './derive-ids.ts';

type OrderFields = Pick<EventFields, 'event_type' | 'items' | 'product_ids'>;

export const isBulkPurchase = (fields: OrderFields): boolean =>
  fields.event_type === 'purchase' && (fields.items !== undefined || fields.product_ids !== undefined);

/** Lines as the order summary lists them; a line of which no quantity is sent is one unit. */
export function toLineItems(items: readonly EventItem[]): Clickstream['line_items'] {
  return items.map((item) => ({
    product_id: item.product_id,
    quantity: item.quantity ?? 1,
    unit_price: item.unit_price ?? null,
  }));
}

/** Rows of a bulk purchase: its lines in order, then the summary. The same purchase always gives the same ids. */
export function splitOrder(
  purchase: Clickstream & { event_id: string },
  { items, product_ids }: OrderFields,
): Clickstream[] {
  const lines = toLineItems(items ?? (product_ids ?? []).map((product_id) => ({ product_id })));
  const idOf = (part: number | 'order') => deriveOrderEventId(purchase.namespace, purchase.event_id, part);
  const part = { ...purchase, parent_event_id: purchase.event_id, line_number: null, line_items: [] };
  const rows = lines.map((line, index): Clickstream => ({
    ...part,
    ...line,
    event_id: idOf(index + 1),
    line_number: index + 1,
    order_total: null,
  }));
  const summary: Clickstream = {
    ...part,
    event_id: idOf('order'),
    event_type: 'custom',
    product_id: null,
    quantity: null,
    unit_price: null,
    line_items: lines,
    properties: { ...purchase.properties, kind: 'order' },
  };
  return [...rows, summary];
}
