import { Gauge, type Registry } from '@shopstream/platform';
import type { ProductVersions } from './domain/product-versions.ts';

export function createEnrichmentMetrics(
  registry: Registry,
  versions: Pick<ProductVersions, 'products' | 'versions'>,
): void {
  new Gauge({
    name: 'enrichment_products',
    help: 'Products in memory. Fewer than the catalogue has: events lose their product columns, see the log for rows left out.',
    registers: [registry],
    collect() {
      this.set(versions.products);
    },
  });
  new Gauge({
    name: 'enrichment_product_versions',
    help: 'Product versions in memory, some 170 bytes each. Growth beyond the catalogue times its changes in 30 days: a writer repeats itself.',
    registers: [registry],
    collect() {
      this.set(versions.versions);
    },
  });
}
