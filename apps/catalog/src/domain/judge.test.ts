import { describe, expect, it } from '@jest/globals';
import { itemSchema } from '@shopstream/contracts';
import type { ItemInput } from '@shopstream/contracts';
import fc from 'fast-check';
import { archive, judge } from './judge.ts';
import type { Item } from './item.ts';

const now = Date.UTC(2024, 5, 1);
const moment = { namespace: 'default', now };
const input = (columns: object = {}): ItemInput =>
  itemSchema.parse({ item_id: 'p1', title: 'Lamp', ...columns });

/** The items after the inputs, each list of inputs judged at once. */
function given(...batches: ItemInput[][]): Map<string, Item> {
  return batches.reduce((items, batch) => {
    const { versions } = judge(items, batch, moment);
    return new Map([...items, ...versions.map((item) => [item.item_id, item] as const)]);
  }, new Map<string, Item>());
}

function only(versions: Item[]): Item {
  const [item, ...more] = versions;
  if (!item || more.length > 0) throw new Error(`${versions.length} versions`);
  return item;
}

describe('judge', () => {
  it('makes a first version that holds from the beginning of time', () => {
    const { results, versions } = judge(given(), [input()], moment);
    expect(results).toEqual([{ item_id: 'p1', status: 'created', version: 1 }]);
    expect(only(versions)).toMatchObject({ version: 1, valid_from: null, is_active: true, updated_at: now });
  });

  it('makes no version of what is like that already, in whatever order its attributes come', () => {
    const items = given([input({ attributes: { a: 1, b: { c: [1, 2], d: null } }, price: 3 })]);
    const same = input({ attributes: { b: { d: null, c: [1, 2] }, a: 1 }, price: '3.00' });
    expect(judge(items, [same], moment)).toEqual({
      results: [{ item_id: 'p1', status: 'unchanged', version: 1 }],
      versions: [],
    });
  });

  it.each([
    ['price', { price: '1.00' }],
    ['availability', { available: false }],
    ['tags', { tags: ['new'] }],
    ['attributes', { attributes: { colour: 'red' } }],
  ])('makes a version from now on when %s changed', (_what, columns) => {
    const { versions } = judge(given([input()]), [input(columns)], { ...moment, now: now + 5 });
    expect(only(versions)).toMatchObject({ ...columns, version: 2, valid_from: now + 5 });
  });

  it('takes the time of validity that is given', () => {
    const early = now - 1_000;
    expect(only(judge(given(), [input({ valid_from: early })], moment).versions).valid_from).toBe(early);
    const later = judge(given([input()]), [input({ valid_from: early, price: 1 })], moment);
    expect(only(later.versions).valid_from).toBe(early);
  });

  it('never lets a slow clock put a version before the one it replaces', () => {
    const items = given([input({ valid_from: now + 500 })]);
    expect(only(judge(items, [input({ price: 1 })], moment).versions).valid_from).toBe(now + 500);
  });

  it('judges an item that comes twice after itself', () => {
    const batch = [input({ price: 1 }), input({ price: 2 }), input({ price: 2 }), input({ item_id: 'p2' })];
    expect(judge(given(), batch, moment).results.map(({ status, version }) => [status, version])).toEqual([
      ['created', 1],
      ['updated', 2],
      ['unchanged', 2],
      ['created', 1],
    ]);
  });

  it('brings an archived item back', () => {
    const [item] = given([input()]).values();
    const archived = item && archive(item, moment);
    expect(archived).toMatchObject({ is_active: false, version: 2, title: 'Lamp' });
    const items = new Map([['p1', archived as Item]]);
    expect(judge(items, [input()], moment).results).toEqual([
      { item_id: 'p1', status: 'updated', version: 3 },
    ]);
    expect(archive(archived as Item, moment)).toBeNull();
  });

  it('numbers versions without gaps and gives the same items however the inputs are cut into batches', () => {
    const inputs = fc.array(
      fc
        .record({ id: fc.constantFrom('a', 'b', 'c'), price: fc.nat(3) })
        .map(({ id, price }) => input({ item_id: id, price })),
    );
    fc.assert(
      fc.property(inputs, fc.nat(5), (all, cut) => {
        const whole = judge(new Map(), all, moment);
        expect([...given(all.slice(0, cut), all.slice(cut)).values()]).toEqual([...given(all).values()]);
        for (const id of ['a', 'b', 'c']) {
          const versions = whole.versions.filter((item) => item.item_id === id).map((item) => item.version);
          expect(versions).toEqual(versions.map((_version, index) => index + 1));
        }
      }),
    );
  });
});
