import { describe, expect, it } from '@jest/globals';
import { type Columns, type KeyedRow, compareRows, keepRow, rowKeyOf } from './row-comparison.ts';

function rowsOf(entries: readonly (readonly [string, Columns])[]): Map<string, KeyedRow> {
  const rows = new Map<string, KeyedRow>();
  for (const [key, columns] of entries) keepRow(rows, key, columns);
  return rows;
}

describe('rows of two builds', () => {
  it('are equal whatever their order and revisions', () => {
    const today = rowsOf([
      ['a', { views: 1, tags: ['x'], revision: 5 }],
      ['b', { views: 2, revision: 9 }],
    ]);
    const other = rowsOf([
      ['b', { revision: 7, views: 2 }],
      ['a', { tags: ['x'], views: 1 }],
    ]);
    expect(compareRows(today, other, 9)).toEqual({
      today: 2,
      other: 2,
      equal: 2,
      missing: 0,
      extra: 0,
      different: 0,
      examples: [],
    });
  });

  it('are told apart by what is missing, extra and different, with columns', () => {
    const today = rowsOf([
      ['a', { views: 1, clicks: 0 }],
      ['b', { views: 2 }],
      ['d', { views: 4 }],
    ]);
    const other = rowsOf([
      ['a', { views: 7, clicks: 0 }],
      ['c', { views: 3 }],
      ['d', { views: 4 }],
      ['d', { views: 4 }],
    ]);
    const { examples, ...counts } = compareRows(today, other, 9);
    expect(counts).toEqual({ today: 3, other: 3, equal: 0, missing: 1, extra: 1, different: 2 });
    expect(examples).toEqual([
      { kind: 'different', key: 'a', columns: { views: { today: 1, other: 7 } } },
      { kind: 'missing', key: 'b' },
      { kind: 'different', key: 'd', columns: { '(rows)': { today: 1, other: 2 } } },
      { kind: 'extra', key: 'c' },
    ]);
    expect(compareRows(today, other, 1).examples).toHaveLength(1);
  });

  it('have the key of their topic where the last one counts, and the event they are about elsewhere', () => {
    const row = {
      namespace: 'n',
      event_id: 'e',
      stage: 's',
      source_topic: 't',
      source_partition: 1,
      source_offset: 2,
    };
    expect(rowKeyOf('ecom.user-sessions.v1', '["n"]', row)).toBe('["n"]');
    expect(rowKeyOf('ecom.events-enriched.v1', 'n:session', row)).toBe('n:e');
    expect(rowKeyOf('ecom.late.v1', 'n:e', row)).toBe('s n:e');
    expect(rowKeyOf('ecom.dead-letter.v1', 's:reason', row)).toBe('s t/1/2');
  });
});
