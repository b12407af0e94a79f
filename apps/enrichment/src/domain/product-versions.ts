import type { Product } from '@shopstream/contracts';
import { type ProductColumns, ProductHistory } from './product-history.ts';

/** The key of a record of the products topic; of a deleted one only the message key tells it. */
export function toProductKey(messageKey: string | null, product: Product | null): ProductKey {
  if (product !== null) return { namespace: product.namespace, productId: product.product_id };
  const [namespace = '', ...id] = (messageKey ?? '').split(':');
  return { namespace, productId: id.join(':') };
}

/** What the join needs to know of an event's record. */
export interface JoinedRecord {
  /** When it was appended. */
  timestamp: number;
  value: { namespace: string; product_id: string | null; timestamp: number };
}

export interface ProductKey {
  namespace: string;
  productId: string;
}

export interface ProductVersions {
  /** Takes the next record of the products topic; null where a key was deleted. */
  put(key: ProductKey, product: Product | null, appendedMs: number): void;
  /** What an event joins; null without a product, with an unknown one, or before its first version. */
  at(record: JoinedRecord): ProductColumns | null;
  readonly products: number;
  /** Versions in memory, of all products. */
  readonly versions: number;
}

/** Products that are looked through for what need not be kept, with every record taken. */
const PRUNED_PER_PUT = 2;

/**
 * Product versions by their time of validity. Memory: of each product the newest version, and those replaced within the 30 days for which
 * the topic keeps them, by its own clock. What is due has gone when half as many records have come as there are products.
 */
export function createProductVersions(): ProductVersions {
  /** Two steps, so that looking up makes no text. */
  const byNamespace = new Map<string, Map<string, ProductHistory>>();
  const keys = new Map<ProductHistory, ProductKey>();
  let versions = 0;
  let newestMs = Number.NEGATIVE_INFINITY;
  let visiting = keys.entries();

  function historyOf({ namespace, productId }: ProductKey): ProductHistory {
    let products = byNamespace.get(namespace);
    if (products === undefined) byNamespace.set(namespace, (products = new Map<string, ProductHistory>()));
    let history = products.get(productId);
    if (history === undefined) {
      products.set(productId, (history = new ProductHistory()));
      keys.set(history, { namespace, productId });
    }
    return history;
  }

  function pruneNext(): void {
    const { value, done } = visiting.next();
    if (done === true) {
      visiting = keys.entries();
      return;
    }
    const [history, { namespace, productId }] = value;
    versions -= history.size;
    history.prune(newestMs);
    versions += history.size;
    if (history.size > 0) return;
    keys.delete(history);
    byNamespace.get(namespace)?.delete(productId);
  }

  return {
    put(key, product, appendedMs) {
      newestMs = Math.max(newestMs, appendedMs);
      const history = historyOf(key);
      versions -= history.size;
      history.put({ product, appendedMs });
      versions += history.size;
      for (let count = 0; count < PRUNED_PER_PUT; count += 1) pruneNext();
    },
    at({ value, timestamp: appendedMs }) {
      if (value.product_id === null) return null;
      const history = byNamespace.get(value.namespace)?.get(value.product_id);
      return history === undefined ? null : history.at(value.timestamp, appendedMs);
    },
    get products() {
      return keys.size;
    },
    get versions() {
      return versions;
    },
  };
}
