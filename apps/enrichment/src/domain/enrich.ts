import type { CleanEvent, EnrichedEvent } from '@shopstream/contracts';
import type { RecordStage } from '@shopstream/streams';
import type { ProductColumns } from './product-history.ts';
import type { ProductVersions } from './product-versions.ts';

/**
 * Left join: events without a product, or with one that is unknown, keep null product columns. Column by column: spreading a
 * row of this width takes some 30 µs, which is more than everything else a stage does with it.
 */
export function enrich(event: CleanEvent, product: ProductColumns | null): EnrichedEvent {
  return {
    event_id: event.event_id,
    session_id: event.session_id,
    user_identifier: event.user_identifier,
    user_id: event.user_id,
    event_type: event.event_type,
    page_url: event.page_url,
    product_id: event.product_id,
    search_query: event.search_query,
    device_type: event.device_type,
    country: event.country,
    timestamp: event.timestamp,
    product_name: product?.name ?? null,
    product_category: product?.category ?? null,
    product_subcategory: product?.subcategory ?? null,
    product_price: product?.price ?? null,
    product_brand: product?.brand ?? null,
    namespace: event.namespace,
    anonymous_id: event.anonymous_id,
    received_at: event.received_at,
    client_timestamp: event.client_timestamp,
    clock: event.clock,
    session_derived: event.session_derived,
    schema_version: event.schema_version,
    dialect: event.dialect,
    consent: event.consent,
    quantity: event.quantity,
    unit_price: event.unit_price,
    currency: event.currency,
    value: event.value,
    order_id: event.order_id,
    order_total: event.order_total,
    parent_event_id: event.parent_event_id,
    line_number: event.line_number,
    line_items: event.line_items,
    cart_id: event.cart_id,
    dwell_ms: event.dwell_ms,
    surface: event.surface,
    widget: event.widget,
    recommended: event.recommended,
    request_id: event.request_id,
    rank: event.rank,
    referrer: event.referrer,
    experiment: event.experiment,
    ab_bucket: event.ab_bucket,
    properties: event.properties,
  };
}

/**
 * The join of clean events with the product version valid at event time.
 * @param readUpTo resolves when `versions` has everything that was appended up to that time
 */
export function createEnrichmentStage(
  versions: Pick<ProductVersions, 'at'>,
  readUpTo: (appendedMs: number) => Promise<void>,
): RecordStage<'ecom.events-clean.v1', ProductColumns | null> {
  return {
    name: 'enrichment',
    input: 'ecom.events-clean.v1',
    changelog: 'ecom.enrichment-changelog.v1',
    async lookup(records) {
      await readUpTo(records.reduce((newestMs, { timestamp }) => Math.max(newestMs, timestamp), 0));
      return records.map((record) => versions.at(record));
    },
    process: ({ value }, product) => [{ topic: 'ecom.events-enriched.v1', value: enrich(value, product) }],
  };
}
