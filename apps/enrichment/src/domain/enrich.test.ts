import { describe, expect, it } from '@jest/globals';
import type { CleanEvent } from '@shopstream/contracts';
import { cleanEvent, productVersion } from '@shopstream/testkit';
import { createEnrichmentStage, enrich } from './enrich.ts';
import { createProductVersions } from './product-versions.ts';

const recordOf = (columns: Partial<CleanEvent>, timestamp = 0) => ({
  topic: 'ecom.events-clean.v1' as const,
  partition: 0,
  offset: 0n,
  timestamp,
  key: null,
  bytes: Buffer.alloc(0),
  value: cleanEvent(columns),
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
    const stage = createEnrichmentStage(createProductVersions(), () => Promise.resolve());
    const records = [null, 'unknown'].map((product_id) => recordOf({ product_id }));
    expect(await stage.lookup(records)).toEqual([null, null]);
    for (const one of records) {
      expect(stage.process(one, null)).toMatchObject([
        { value: { product_name: null, product_price: null } },
      ]);
    }
  });

  it('is joined when the versions are read up to the newest event of its batch, not before', async () => {
    const versions = createProductVersions();
    const readUpTo = (appendedMs: number): Promise<void> => {
      expect(appendedMs).toBe(20);
      versions.put({ namespace: 'default', productId: 'product-1' }, productVersion(), 5);
      return Promise.resolve();
    };
    const stage = createEnrichmentStage(versions, readUpTo);
    const joined = await stage.lookup([recordOf({}, 4), recordOf({}, 20), recordOf({}, 10)]);
    expect(joined.map((product) => product?.name)).toEqual([undefined, 'Walking boots', 'Walking boots']);
  });
});
