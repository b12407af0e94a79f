import { describe, expect, it } from '@jest/globals';
import type { Letter } from './dead-letter.ts';
import { applyEdits, assign, parseAssignment, toEditLine } from './edit.ts';
import type { RedriveItem } from './redrive-plan.ts';

const letterAt = (offset: bigint): Letter => ({
  partition: 1,
  offset,
  row: {
    ...{ stage: 'collector', reason: 'invalid_field', field: 'price', message: 'is wrong' },
    ...{ namespace: null, event_id: null, source_topic: null, source_partition: null, source_offset: null },
    ...{ key: null, value: Buffer.from('[1,'), failed_at: 0 },
  },
});
const item = (offset: bigint, more: Partial<RedriveItem> = {}): RedriveItem => ({
  letters: [letterAt(offset)],
  target: 'collector',
  record: { price: -1 },
  problem: null,
  ...more,
});

describe('an assignment', () => {
  it.each([
    ['price=9.9', { price: 9.9 }],
    ['name=Walking boots', { price: -1, name: 'Walking boots' }],
    ['price=null', { price: null }],
    ['price="9"', { price: '9' }],
    ['meta.query=a=b', { price: -1, meta: { query: 'a=b' } }],
  ])('%s', (text, expected) => {
    const assignment = parseAssignment(text);
    expect(assign({ price: -1 }, assignment ? [assignment] : [])).toEqual(expected);
  });

  it('reaches into lists, and leaves the original as it was', () => {
    const record = { items: [{ quantity: 0 }] };
    expect(assign(record, [{ path: ['items', '0', 'quantity'], value: 2 }])).toEqual({
      items: [{ quantity: 2 }],
    });
    expect(record).toEqual({ items: [{ quantity: 0 }] });
    expect(parseAssignment('nonsense')).toBeUndefined();
  });
});

describe('lines to edit', () => {
  it('are read back by their dead letter; what is taken out or left unreadable is not sent', () => {
    const cut = item(3n, { record: null, problem: 'its bytes were cut' });
    const items = [item(1n), item(2n), cut, item(4n, { record: null, problem: 'cut' })];
    const lines = items.map(toEditLine);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ dead_letter: '1:3', text: '[1,', record: null });
    const edited = [lines[1], lines[2]?.replace('"record":null', '"record":{"price":2}'), '', lines[3]];
    expect(applyEdits(items, edited.join('\n'))).toEqual([
      items[1],
      { ...cut, record: { price: 2 }, problem: null },
      items[3],
    ]);
  });

  it.each([
    ['no JSON', 'line 1'],
    ['{"dead_letter":"1:1","record":7}', 'line 1: "record"'],
    ['{"dead_letter":"9:9","record":{}}', '9:9 was not among'],
  ])('that are wrong are named: %s', (line, message) => {
    expect(() => applyEdits([item(1n)], line)).toThrow(message);
  });
});
