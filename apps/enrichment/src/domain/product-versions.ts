import { type Product, entityKey } from '@shopstream/contracts';

/** Versions kept of one product; the oldest goes when there is one more. */
const MAX_VERSIONS = 256;

export interface ProductVersions {
  put(product: Product): void;
  /** The version valid at an instant; null when the product is unknown or has none yet. */
  at(namespace: string, productId: string, timestampMs: number): Product | null;
}

/** A product's first version without a start is valid from the beginning of time. */
const validFrom = (product: Product): number => product.valid_from ?? Number.NEGATIVE_INFINITY;

/** Product versions by their time of validity. Memory: at most 256 versions of each product in the topic. */
export function createProductVersions(): ProductVersions {
  const byProduct = new Map<string, Product[]>();

  return {
    put(product) {
      const key = entityKey(product.namespace, product.product_id);
      const versions = byProduct.get(key) ?? [];
      byProduct.set(key, versions);
      const same = versions.findIndex(({ version }) => version === product.version);
      if (same !== -1) versions.splice(same, 1);
      versions.splice(countUpTo(versions, validFrom(product)), 0, product);
      if (versions.length > MAX_VERSIONS) versions.shift();
    },
    at(namespace, productId, timestampMs) {
      const versions = byProduct.get(entityKey(namespace, productId)) ?? [];
      return versions[countUpTo(versions, timestampMs) - 1] ?? null;
    },
  };
}

/** How many of the versions, ordered by their start, are valid from `timestampMs` or earlier. */
function countUpTo(versions: readonly Product[], timestampMs: number): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const version = versions[middle];
    if (version !== undefined && validFrom(version) <= timestampMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
