// The versions of one product. What an event joins is a function of the two logs: of the versions appended no later than the event
// the newest that is valid at event time. When the event is processed, or how often, does not matter.
import { type Product, topics } from '@shopstream/contracts';

/** What an event takes from its product. */
export type ProductColumns = Pick<Product, 'name' | 'category' | 'subcategory' | 'price' | 'brand'>;

/** A record of the products topic: a version, or null where its key was deleted. */
export interface VersionRecord {
  product: (ProductColumns & Pick<Product, 'valid_from'>) | null;
  appendedMs: number;
}

interface Version extends ProductColumns {
  validFromMs: number;
  appendedMs: number;
  /** When the next record of the product was appended; infinite for the newest. */
  replacedMs: number;
  isGone: boolean;
}

/** How long the topic keeps versions that were replaced. */
export const KEPT_MS = topics['ecom.products.v1'].retentionMs;

/**
 * Events appended so long after a version was replaced do not see it. The oldest events that can still be read were appended when the
 * topic kept all that they see: neither its compaction nor the time of a start shows in what is joined.
 */
export const FORGOTTEN_AFTER_MS = KEPT_MS - topics['ecom.events-clean.v1'].retentionMs;

export class ProductHistory {
  /** By start of validity; of the same start the later record is behind. */
  readonly #versions: Version[] = [];
  #newest: Version | null = null;
  #goneMs = Number.NEGATIVE_INFINITY;

  get size(): number {
    return this.#versions.length;
  }

  /** Takes the next record of the log. Those that come again, as they do after a crash of their writer, change nothing. */
  put({ product, appendedMs }: VersionRecord): void {
    // Whether something comes again must not depend on when it was last looked for what is due.
    this.prune(appendedMs);
    const newest = this.#newest;
    if (product === null) {
      if (newest === null || newest.isGone) return;
      this.#goneMs = appendedMs;
    }
    // A deleted product that comes again is new: it does not bring back the time before.
    const validFromMs = Math.max(product?.valid_from ?? Number.NEGATIVE_INFINITY, this.#goneMs);
    const version = toVersion({ product, appendedMs }, validFromMs, newest);
    const index = this.#countUpTo(validFromMs);
    if (this.#hasSame(version, index)) return;
    if (newest !== null) newest.replacedMs = appendedMs;
    this.#versions.splice(index, 0, version);
    this.#newest = version;
  }

  /** What an event of this time joins that was appended at that time; null when there is nothing. */
  at(timestampMs: number, appendedMs: number): ProductColumns | null {
    for (let index = this.#countUpTo(timestampMs) - 1; index >= 0; index -= 1) {
      const version = this.#versions[index];
      if (version === undefined || version.appendedMs > appendedMs) continue;
      if (version.replacedMs < appendedMs - FORGOTTEN_AFTER_MS) continue;
      return version.isGone ? null : version;
    }
    return null;
  }

  /** Drops what the topic need not keep either at this time of appending; the newest stays, unless it says that there is none. */
  prune(nowMs: number): void {
    let kept = 0;
    for (const version of this.#versions) {
      const neededMs = version.isGone ? version.appendedMs : version.replacedMs;
      if (neededMs >= nowMs - KEPT_MS) this.#versions[kept++] = version;
      else if (version.appendedMs === this.#goneMs) this.#goneMs = Number.NEGATIVE_INFINITY;
    }
    this.#versions.length = kept;
    if (kept === 0) this.#newest = null;
  }

  #hasSame(version: Version, end: number): boolean {
    for (let index = end - 1; index >= 0; index -= 1) {
      const known = this.#versions[index];
      if (known?.validFromMs !== version.validFromMs) return false;
      if (isSame(known, version)) return true;
    }
    return false;
  }

  /** How many versions are valid from `timestampMs` or earlier. */
  #countUpTo(timestampMs: number): number {
    let low = 0;
    let high = this.#versions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#versions[middle]?.validFromMs ?? Infinity) <= timestampMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Mostly only a price changes: what stays the same is kept once. */
function toVersion(
  { product, appendedMs }: VersionRecord,
  validFromMs: number,
  before: ProductColumns | null,
): Version {
  const kept = <Column extends keyof ProductColumns>(column: Column): ProductColumns[Column] | null =>
    before !== null && before[column] === product?.[column] ? before[column] : (product?.[column] ?? null);
  return {
    name: kept('name') ?? '',
    category: kept('category'),
    subcategory: kept('subcategory'),
    price: kept('price'),
    brand: kept('brand'),
    validFromMs,
    appendedMs,
    replacedMs: Number.POSITIVE_INFINITY,
    isGone: product === null,
  };
}

const isSame = (a: Version, b: Version): boolean =>
  a.isGone === b.isGone &&
  a.name === b.name &&
  a.category === b.category &&
  a.subcategory === b.subcategory &&
  a.price === b.price &&
  a.brand === b.brand;
