import type { CleanEvent, EnrichedEvent, Product } from '@shopstream/contracts';
import type { RecordStage } from '@shopstream/streams';
import type { ProductVersions } from './product-versions.ts';

/** Left join: events without a product, or with one that is unknown, keep null product columns. */
export function enrich(event: CleanEvent, product: Product | null): EnrichedEvent {
  const { referrer_url: _referrer, browser: _browser, ...columns } = event;
  return {
    ...columns,
    product_name: product?.name ?? null,
    product_category: product?.category ?? null,
    product_subcategory: product?.subcategory ?? null,
    product_price: product?.price ?? null,
    product_brand: product?.brand ?? null,
  };
}

/** The join of clean events with the product version valid at event time. */
export function createEnrichmentStage(
  versions: ProductVersions,
): RecordStage<'ecom.events-clean.v1', Product | null> {
  return {
    name: 'enrichment',
    input: 'ecom.events-clean.v1',
    changelog: 'ecom.enrichment-changelog.v1',
    lookup: (records) =>
      Promise.resolve(
        records.map(({ value }) =>
          value.product_id === null ? null : versions.at(value.namespace, value.product_id, value.timestamp),
        ),
      ),
    process: ({ value }, product) => [{ topic: 'ecom.events-enriched.v1', value: enrich(value, product) }],
  };
}
