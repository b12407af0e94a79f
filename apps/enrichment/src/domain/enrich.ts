import type { CleanEvent, EnrichedEvent } from '@shopstream/contracts';
import type { RecordStage } from '@shopstream/streams';
import type { ProductColumns } from './product-history.ts';
import type { ProductVersions } from './product-versions.ts';

/** Left join: events without a product, or with one that is unknown, keep null product columns. */
export function enrich(event: CleanEvent, product: ProductColumns | null): EnrichedEvent {
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
