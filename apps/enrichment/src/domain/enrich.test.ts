import { describe, expect, it } from '@jest/globals';
import { cleanEvent, noonMs, productVersion } from '@shopstream/testkit';
import fc from 'fast-check';
import { createEnrichmentStage, enrich } from './enrich.ts';
import { createProductVersions } from './product-versions.ts';

const at = (minutes: number): number => noonMs + minutes * 60_000;
const version = (number: number, validFrom: number | null, productId = 'p') =>
  productVersion({ product_id: productId, version: number, name: `v${number}`, valid_from: validFrom });
const nameAt = (versions: ReturnType<typeof createProductVersions>, time: number, id = 'p') =>
  versions.at('default', id, time)?.name ?? null;

describe('the version of a product', () => {
  it.each([
    ['before all', -1, 'v1'],
    ['at the very start of a version', 10, 'v2'],
    ['within it', 15, 'v2'],
    ['in the newest', 99, 'v3'],
  ])('%s is the one valid then', (_, minutes, expected) => {
    const versions = createProductVersions();
    for (const product of [version(1, null), version(2, at(10)), version(3, at(20))]) versions.put(product);
    expect(nameAt(versions, at(minutes))).toBe(expected);
  });

  it('is none before the first when that has a start, and for unknown products', () => {
    const versions = createProductVersions();
    versions.put(version(1, at(10)));
    expect(nameAt(versions, at(9))).toBeNull();
    expect(nameAt(versions, at(99), 'other')).toBeNull();
    expect(versions.at('tenant-2', 'p', at(99))).toBeNull();
  });

  it('does not depend on the order in which versions come, nor on how often', () => {
    const all = [version(1, null), version(2, at(10)), version(3, at(20)), version(4, at(30))];
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 8 }), (order) => {
        const versions = createProductVersions();
        for (const product of order) versions.put(product);
        expect([-5, 10, 25, 30].map((minutes) => nameAt(versions, at(minutes)))).toEqual([
          'v1',
          'v2',
          'v3',
          'v4',
        ]);
      }),
    );
  });

  it('is replaced when the same version comes again with another start', () => {
    const versions = createProductVersions();
    versions.put(version(1, null));
    versions.put(version(2, at(10)));
    versions.put(version(2, at(20)));
    expect(nameAt(versions, at(15))).toBe('v1');
    expect(nameAt(versions, at(25))).toBe('v2');
  });

  it('beyond 256 pushes the oldest out', () => {
    const versions = createProductVersions();
    for (let number = 1; number <= 300; number += 1) versions.put(version(number, at(number)));
    expect(nameAt(versions, at(300))).toBe('v300');
    expect(nameAt(versions, at(45))).toBe('v45');
    expect(nameAt(versions, at(44))).toBeNull();
  });

  it.each(['__proto__', 'constructor', 'toString'])('of %s is a product like any other', (id) => {
    const versions = createProductVersions();
    expect(nameAt(versions, at(0), id)).toBeNull();
    versions.put(version(1, null, id));
    expect(nameAt(versions, at(0), id)).toBe('v1');
  });
});

describe('an enriched event', () => {
  it('keeps its columns, loses referrer and browser, and gains the five of its product', () => {
    const event = cleanEvent({ referrer_url: 'https://x.example', browser: 'Firefox' });
    const { referrer_url: _referrer, browser: _browser, ...columns } = event;
    expect(enrich(event, productVersion({ price: '1.50' }))).toEqual({
      ...columns,
      product_name: 'Walking boots',
      product_category: 'shoes',
      product_subcategory: 'boots',
      product_price: '1.50',
      product_brand: 'Nordweg',
    });
  });

  it('has nulls where it has no product, or one that nobody knows', async () => {
    const stage = createEnrichmentStage(createProductVersions());
    const record = {
      topic: stage.input,
      partition: 0,
      offset: 0n,
      timestamp: 0,
      key: null,
      bytes: Buffer.alloc(0),
    };
    const records = [null, 'unknown'].map((product_id) => ({ ...record, value: cleanEvent({ product_id }) }));
    expect(await stage.lookup(records)).toEqual([null, null]);
    for (const one of records) {
      expect(stage.process(one, null)).toMatchObject([
        { value: { product_name: null, product_price: null } },
      ]);
    }
  });
});
