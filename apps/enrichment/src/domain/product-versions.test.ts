import { describe, expect, it } from '@jest/globals';
import type { Product } from '@shopstream/contracts';
import { noonMs, productVersion } from '@shopstream/testkit';
import fc from 'fast-check';
import { FORGOTTEN_AFTER_MS, KEPT_MS } from './product-history.ts';
import { createProductVersions, type ProductVersions } from './product-versions.ts';

const DAY_MS = 86_400_000;
const at = (minutes: number): number => noonMs + minutes * 60_000;
const key = { namespace: 'default', productId: 'p' };

const version = (name: string, validFrom: number | null = null): Product =>
  productVersion({ product_id: 'p', name, valid_from: validFrom });
const nameAt = (versions: ProductVersions, eventMs: number, appendedMs = eventMs): string | null =>
  versions.at({ value: { namespace: 'default', product_id: 'p', timestamp: eventMs }, timestamp: appendedMs })
    ?.name ?? null;

describe('the version of a product', () => {
  it.each([
    ['before all', -1, 'v1'],
    ['at the very start of a version', 10, 'v2'],
    ['within it', 15, 'v2'],
    ['in the newest', 99, 'v3'],
  ])('%s is the one valid then', (_, minutes, expected) => {
    const versions = createProductVersions();
    for (const product of [version('v1'), version('v2', at(10)), version('v3', at(20))])
      versions.put(key, product, at(-5));
    expect(nameAt(versions, at(minutes))).toBe(expected);
  });

  it('is none before the first when that has a start, without a product, and for unknown ones', () => {
    const versions = createProductVersions();
    versions.put(key, version('v1', at(10)), at(0));
    const value = { namespace: 'default', product_id: 'p', timestamp: at(20) };
    expect(nameAt(versions, at(9), at(30))).toBeNull();
    for (const other of [{ product_id: 'other' }, { product_id: null }, { namespace: 'tenant-2' }])
      expect(versions.at({ value: { ...value, ...other }, timestamp: at(30) })).toBeNull();
  });

  it('that comes late does not rewrite history: only events appended after it see it', () => {
    const versions = createProductVersions();
    versions.put(key, version('known'), at(0));
    versions.put(key, version('late', at(5)), at(60));
    expect(nameAt(versions, at(10), at(59))).toBe('known');
    expect(nameAt(versions, at(10), at(60))).toBe('late');
  });

  it('of a deleted product is none from then on, and again one when it comes back', () => {
    const versions = createProductVersions();
    versions.put(key, version('first'), at(0));
    versions.put(key, null, at(10));
    versions.put(key, version('back'), at(20));
    expect([5, 10, 19, 20].map((minute) => nameAt(versions, at(minute)))).toEqual([
      'first',
      null,
      null,
      'back',
    ]);
    expect(nameAt(versions, at(5), at(30))).toBe('first');
  });

  it.each(['__proto__', 'constructor', 'toString'])('of %s is a product like any other', (productId) => {
    const versions = createProductVersions();
    const record = {
      value: { namespace: 'default', product_id: productId, timestamp: at(0) },
      timestamp: at(0),
    };
    expect(versions.at(record)).toBeNull();
    versions.put({ ...key, productId }, version('v1'), at(0));
    expect(versions.at(record)?.name).toBe('v1');
  });
});

interface LogRecord {
  id: string;
  product: Product | null;
  appendedMs: number;
}

/** By the letter: every record of the log, looked through from the beginning. */
function naiveAt(log: readonly LogRecord[], id: string, eventMs: number, appendedMs: number): string | null {
  let versions: { from: number; product: Product | null; appended: number; replaced: number }[] = [];
  for (const { product, appendedMs: appended } of log.filter((record) => record.id === id)) {
    versions = versions.filter((one) =>
      one.product === null ? one.appended >= appended - KEPT_MS : one.replaced >= appended - KEPT_MS,
    );
    const newest = versions.find(({ replaced }) => replaced === Infinity);
    if (product === null && (newest === undefined || newest.product === null)) continue;
    const goneAt = versions.filter((one) => one.product === null).map((one) => one.appended);
    const from = product === null ? appended : Math.max(product.valid_from ?? -Infinity, ...goneAt);
    if (versions.some((one) => one.from === from && one.product?.name === product?.name)) continue;
    if (newest !== undefined) newest.replaced = appended;
    versions.push({ from, product, appended, replaced: Infinity });
  }
  const seen = versions.filter(
    ({ from, appended, replaced }) =>
      from <= eventMs && appended <= appendedMs && replaced >= appendedMs - FORGOTTEN_AFTER_MS,
  );
  const newestStart = Math.max(...seen.map(({ from }) => from));
  return seen.findLast(({ from }) => from === newestStart)?.product?.name ?? null;
}

const ids = ['a', 'b', 'c'];
/** Steps of a log: minutes, days and months apart, so that much is on borders and much is forgotten. */
const gap = fc.constantFrom(0, 1, 60_000, DAY_MS, 7 * DAY_MS, FORGOTTEN_AFTER_MS, KEPT_MS, KEPT_MS + 1);
const start = fc.option(fc.integer({ min: -50, max: 5 }).map((days) => days * DAY_MS));
const change = fc.record({
  id: fc.constantFrom(...ids),
  gap,
  name: fc.option(fc.constantFrom('x', 'y', 'z'), { freq: 8 }),
  start,
});

const logOf = (
  changes: readonly { id: string; gap: number; name: string | null; start: number | null }[],
) => {
  let nowMs = noonMs;
  return changes.map((one): LogRecord => {
    nowMs += one.gap;
    const valid_from = one.start === null ? null : nowMs + one.start;
    const product =
      one.name === null ? null : productVersion({ product_id: one.id, name: one.name, valid_from });
    return { id: one.id, product, appendedMs: nowMs };
  });
};

const keepAll = (log: readonly LogRecord[]): ProductVersions => {
  const versions = createProductVersions();
  for (const { id, product, appendedMs } of log)
    versions.put({ namespace: 'n', productId: id }, product, appendedMs);
  return versions;
};

const joined = (versions: ProductVersions, id: string, eventMs: number, appendedMs: number) =>
  versions.at({ value: { namespace: 'n', product_id: id, timestamp: eventMs }, timestamp: appendedMs })
    ?.name ?? null;

describe('versions in memory', () => {
  const log = fc.array(change, { minLength: 1, maxLength: 40 }).map(logOf);
  const event = fc.record({
    id: fc.constantFrom(...ids),
    agoMs: fc.integer({ min: 0, max: 60 }).map((days) => days * DAY_MS),
    delayMs: fc.constantFrom(0, 1, 60_000, DAY_MS, 7 * DAY_MS),
  });

  it('answer as one who looks through the whole log, for all events that can still be read', () => {
    fc.assert(
      fc.property(log, fc.array(event, { minLength: 1, maxLength: 20 }), (records, events) => {
        const versions = keepAll(records);
        const nowMs = records.at(-1)?.appendedMs ?? 0;
        for (const { id, agoMs, delayMs } of events) {
          const appendedMs = nowMs - delayMs;
          expect(joined(versions, id, appendedMs - agoMs, appendedMs)).toBe(
            naiveAt(records, id, appendedMs - agoMs, appendedMs),
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('answer for an event as they did at once, whatever came after it within a week', () => {
    fc.assert(
      fc.property(log, event, (records, { id, agoMs }) => {
        const half = records.slice(0, Math.ceil(records.length / 2));
        const nowMs = half.at(-1)?.appendedMs ?? 0;
        const later = records.filter(
          ({ appendedMs }) => appendedMs > nowMs && appendedMs <= nowMs + 7 * DAY_MS,
        );
        expect(joined(keepAll([...half, ...later]), id, nowMs - agoMs, nowMs)).toBe(
          joined(keepAll(half), id, nowMs - agoMs, nowMs),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('that come twice, as after a crash of their writer, change no answer', () => {
    fc.assert(
      fc.property(log, event, (records, { id, agoMs, delayMs }) => {
        const appendedMs = (records.at(-1)?.appendedMs ?? 0) - delayMs;
        const twice = records.flatMap((record) => [record, record]);
        expect(joined(keepAll(twice), id, appendedMs - agoMs, appendedMs)).toBe(
          joined(keepAll(records), id, appendedMs - agoMs, appendedMs),
        );
      }),
    );
  });

  it('are those of the last 30 days and the newest of each product, whatever came before', () => {
    const versions = createProductVersions();
    const products = Array.from({ length: 20 }, (_, index) => ({ namespace: 'n', productId: `p${index}` }));
    for (let day = 0; day < 365; day += 1) {
      for (const product of products) versions.put(product, version(`day ${day}`, day), day * DAY_MS);
      // Replaced today or within 30 days before, and the newest; those that are due yesterday have been visited by now.
      expect(versions.versions).toBeLessThanOrEqual(20 * Math.min(day + 1, 33));
    }
    expect(versions.products).toBe(20);
    for (const product of products) versions.put(product, null, 365 * DAY_MS);
    for (let count = 0; count < 20; count += 1) versions.put(key, version(`${count}`), 400 * DAY_MS);
    expect(versions.products).toBe(1);
  });
});
