import { describe, expect, it } from '@jest/globals';
import { bucketsOf, increase, parseSamples, quantile, sumBy } from './metric-samples.ts';

const text = `# HELP rows Rows.
# TYPE rows counter
rows{stage="cleaning",topic="a",service="x"} 3
rows{stage="enrichment",topic="a"} 4
rows{stage="say \\"hi\\"",topic="b"} 1e3
age_bucket{le="0.1"} 5
age_bucket{le="+Inf"} 10
age_bucket{le="1"} 9
age_count 10
`;

describe('metrics in text', () => {
  it('are summed by a label', () => {
    expect(sumBy(parseSamples(text), 'rows', 'topic')).toEqual(new Map([['a', 7], ['b', 1_000]])); // prettier-ignore
  });

  it('give quantiles as the upper bound of the bucket they fall into', () => {
    const buckets = bucketsOf(parseSamples(text), 'age');
    expect([0.5, 0.9, 0.99].map((share) => quantile(buckets, share))).toEqual([0.1, 1, Infinity]);
    expect(quantile(new Map(), 0.5)).toBeUndefined();
  });

  it('count what came between two looks, also over a restart of the service', () => {
    const before = new Map([['a', 5], ['b', 9]]); // prettier-ignore
    const after = new Map([['a', 7], ['b', 2], ['c', 1]]); // prettier-ignore
    expect(increase(before, after)).toEqual(new Map([['a', 2], ['b', 2], ['c', 1]])); // prettier-ignore
  });
});
