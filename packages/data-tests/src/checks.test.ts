import { describe, expect, it } from '@jest/globals';
import { toTests } from './checks.ts';

describe('declared tests', () => {
  it('become single tests with ids of their own, one a column', () => {
    const ids = toTests().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining([
        'events_schema/not_null/event_id',
        'events_schema/not_null/session_id',
        'events_schema/not_null/event_type',
        'events_schema/accepted_values/device_type',
        'sessions_quality/range/event_count',
        'events_freshness/max_lag/cleaning',
        'events_freshness/throughput',
        'clickstream/freshness',
      ]),
    );
  });

  it('hold the figures of the data model', () => {
    const byId = new Map(toTests().map((test) => [test.id, test]));
    expect(byId.get('events_freshness/max_lag/cleaning')).toMatchObject({ limitMs: 30_000 });
    expect(byId.get('events_freshness/throughput')).toMatchObject({ minPerMinute: 1_000 });
    expect(byId.get('events_freshness/freshness')).toMatchObject({
      check: 'staleness',
      warnAfterMs: 30_000,
      errorAfterMs: 120_000,
    });
    expect(byId.get('clickstream/freshness')).toMatchObject({ check: 'silence', warnAfterMs: 30_000 });
    expect(byId.get('sessions_quality/range/event_count')).toMatchObject({
      min: 1,
      max: 10_000,
      sampleSize: 1_000,
    });
  });

  it('can be those of some topics only', () => {
    const topics = toTests(undefined, ['ecom.products.v1']).map(({ topic }) => topic);
    expect([...new Set(topics)]).toEqual(['ecom.products.v1']);
  });

  it('of a freshness that no topic promises are an error', () => {
    const name = 'wrong';
    const topic = 'ecom.signals.v1';
    expect(() => toTests([{ name, topic, assertions: [{ check: 'freshness', against: 'clock' }] }])).toThrow(
      'ecom.signals.v1 promises no freshness',
    );
  });
});
