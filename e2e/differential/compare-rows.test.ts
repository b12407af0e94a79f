import { describe, expect, test } from '@jest/globals';
import { enrichedEvent } from '@shopstream/testkit';
import { type PlacedRow, compareRows } from './compare-rows.ts';

const row = (event_id: string, columns: object = {}, partition = 3): PlacedRow => ({
  partition,
  key: 'default:session-1',
  value: enrichedEvent({ event_id, ...columns }),
});
const session = (revision: number, clicks: number): PlacedRow => ({
  partition: 0,
  key: '["default","s",0]',
  value: { session_id: 's', clicks, revision } as never,
});

describe('the comparison of two engines', () => {
  test('finds nothing where rows, keys and partitions are the same, in whatever order', () => {
    const a = row('a', { properties: { x: '1', y: '2' } });
    const same = row('a', { properties: { y: '2', x: '1' } });
    expect(compareRows([a, row('b')], [row('b'), same])).toEqual([]);
  });

  test('names the column that differs, in both engines’ words', () => {
    expect(compareRows([row('a', { product_price: '1.00' })], [row('a', { product_price: '1.01' })])).toEqual(
      [{ what: 'different', row: 'default:a', columns: { product_price: ['1.00', '1.01'] } }],
    );
  });

  test('tells null from absent and text from number', () => {
    const [difference] = compareRows([row('a', { rank: null })], [row('a', { rank: '1' })]);
    expect(difference?.columns).toEqual({ rank: [null, '1'] });
  });

  test('finds a row of another partition', () => {
    const [difference] = compareRows([row('a', {}, 1)], [row('a', {}, 2)]);
    expect(difference?.columns).toEqual({ 'the partition': [1, 2] });
  });

  test('finds rows that only one engine has, and rows that one has twice', () => {
    expect(compareRows([row('a'), row('b'), row('b')], [row('b'), row('c'), row('c')])).toEqual([
      { what: 'doubled in ours', row: 'default:b' },
      { what: 'doubled in Flink', row: 'default:c' },
      { what: 'missing in Flink', row: 'default:a' },
      { what: 'only in Flink', row: 'default:c' },
    ]);
  });

  test('takes aggregates by their key and leaves the revision out', () => {
    expect(compareRows([session(7, 2)], [session(9, 2)])).toEqual([]);
    expect(compareRows([session(7, 2)], [session(9, 3)])).toEqual([
      { what: 'different', row: '["default","s",0]', columns: { clicks: [2, 3] } },
    ]);
  });
});
