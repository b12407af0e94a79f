import { describe, expect, it } from '@jest/globals';
import type { ConsumerGroup, TopicName } from '@shopstream/contracts';
import type { StageTally } from '@shopstream/streams';
import { createCounts } from './event-counts.ts';
import { rowLines, tallyLines } from './tally-lines.ts';

function tally(stage: ConsumerGroup, topic: TopicName, counts: Partial<StageTally>): StageTally {
  return { stage, topic, partition: 0, recordsIn: 0, undecodable: 0, rowsOut: {}, skipped: {}, ...counts };
}

const cleaning = (more: Partial<StageTally> = {}) =>
  tally('cleaning', 'ecom.clickstream.v1', {
    recordsIn: 10,
    undecodable: 1,
    rowsOut: { 'ecom.events-clean.v1': 5, 'ecom.signals.v1': 2, 'ecom.dead-letter.v1': 1 },
    skipped: { duplicate: 2 },
    ...more,
  });
const enrichment = tally('enrichment', 'ecom.events-clean.v1', {
  recordsIn: 5,
  rowsOut: { 'ecom.events-enriched.v1': 5 },
});
const readers = (['sessionizer', 'popularity-split'] as const).map((stage) =>
  tally(stage, 'ecom.events-enriched.v1', { recordsIn: 5 }),
);

const look = (first: StageTally): StageTally[] => [first, enrichment, ...readers];
const off = (
  before: StageTally[],
  { after = before, clickstreamRows = 10, waiting = new Map<ConsumerGroup, number>() } = {},
) =>
  tallyLines({ before, after, clickstreamRows, waiting })
    .filter((line) => line.off_by !== 0)
    .map(({ line, off_by: offBy }) => [line, offBy]);

describe('the counts of stages', () => {
  it('are accounted for', () => {
    expect(off(look(cleaning()))).toEqual([]);
    expect(off(look(cleaning()), { clickstreamRows: 12, waiting: new Map([['cleaning', 2]]) })).toEqual([]);
  });

  it('show a record without an outcome, one with two, and rows that nobody has read', () => {
    expect(off(look(cleaning({ skipped: {} })))).toEqual([['cleaning: in = out', 2]]);
    expect(off(look(cleaning({ recordsIn: 9 })), { clickstreamRows: 9 })).toEqual([
      ['cleaning: in = out', -1],
    ]);
    expect(off(look(cleaning()), { clickstreamRows: 11 })).toEqual([['clickstream = read by cleaning', 1]]);
  });

  it('may go on between two looks', () => {
    const rowsOut = { ...cleaning().rowsOut, 'ecom.events-clean.v1': 8 };
    const after = look(cleaning({ recordsIn: 13, rowsOut }));
    const waiting = new Map<ConsumerGroup, number>([
      ['cleaning', 3],
      ['enrichment', 3],
    ]);
    expect(off(look(cleaning()), { after, clickstreamRows: 13, waiting })).toEqual([]);
    expect(off(look(cleaning()), { after, clickstreamRows: 13 })).toEqual([
      ['clickstream = read by cleaning', 3],
      ['clean = read by enrichment', 3],
    ]);
  });

  it('are held against the rows that are there', () => {
    const counts = createCounts();
    counts.add('a', 'clean', 5);
    counts.add('a', 'signals', 1);
    counts.add('a', 'enriched', 6);
    counts.add(null, 'stagesDead');
    const tallies = look(cleaning());
    const lines = rowLines({ before: tallies, after: tallies }, counts.total());
    expect(lines.filter((line) => line.off_by !== 0)).toMatchObject([
      { line: 'signals: written = rows', off_by: 1 },
      { line: 'enriched: written = rows', off_by: -1 },
    ]);
  });
});
