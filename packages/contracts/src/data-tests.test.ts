import { describe, expect, it } from '@jest/globals';
import type { DataTests } from './data-test-spec.ts';
import { dataTests } from './data-tests.ts';
import { topicNames, topics } from './topics.ts';

describe('declared data tests', () => {
  it('have names of their own', () => {
    expect(new Set(dataTests.map(({ name }) => name)).size).toBe(dataTests.length);
  });

  it('hold every promise of freshness that a topic makes, and no other', () => {
    const promised = topicNames.filter((topic) => topics[topic].freshness !== null);
    const tested = dataTests.filter(({ assertions }) =>
      assertions.some(({ check }) => check === 'freshness'),
    );
    expect(tested.map(({ topic }) => topic).sort()).toEqual(promised.sort());
  });

  it('look at every topic that others read rows of', () => {
    const tested = new Set(dataTests.map(({ topic }) => topic));
    const flow = topicNames.filter((topic) => !topics[topic].internal && !tested.has(topic));
    expect(flow.sort()).toEqual([
      'ecom.dead-letter.v1',
      'ecom.identity.v1',
      'ecom.late.v1',
      'ecom.quality-results.v1',
      'ecom.recommendations-served.v1',
    ]);
  });

  it('are no TypeScript when a column does not exist, or has no numbers, or a group does not read the source', () => {
    const topic = 'ecom.events-clean.v1';
    const wrong: DataTests[] = [
      // @ts-expect-error no such column
      { name: 'a', topic, assertions: [{ check: 'not_null', columns: ['event_idd'] }] },
      // @ts-expect-error a column of another topic
      { name: 'b', topic, assertions: [{ check: 'range', column: 'event_count', min: 1 }] },
      // @ts-expect-error text has no range
      { name: 'c', topic, assertions: [{ check: 'range', column: 'event_type', min: 1 }] },
      // @ts-expect-error no such check
      { name: 'd', topic, assertions: [{ check: 'unique', columns: ['event_id'] }] },
      {
        name: 'e',
        topic,
        // @ts-expect-error enrichment does not read clickstream
        assertions: [{ check: 'max_lag', seconds: 30, group: 'enrichment', source: 'ecom.clickstream.v1' }],
      },
    ];
    expect(wrong).toHaveLength(5);
  });
});
