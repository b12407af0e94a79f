import { describe, expect, it } from '@jest/globals';
import { outputsOf, planStages, stageNames } from './stage-plan.ts';

describe('a plan of stages', () => {
  it('runs all in the order of the flow, of which only the first reads live', () => {
    const plan = planStages(['popularity', 'sessionizer', 'enrichment', 'cleaning']);
    expect(plan?.steps.map(({ stage }) => stage)).toEqual(stageNames);
    expect(plan?.steps.filter(({ readsLive }) => readsLive)).toEqual([
      { stage: 'cleaning', readsLive: true },
    ]);
    expect(plan?.liveInput).toBe('ecom.clickstream.v1');
    expect(plan?.topics).not.toContain('ecom.clickstream.v1');
  });

  it('reads one live topic for several stages where they share it', () => {
    const plan = planStages(['sessionizer', 'popularity']);
    expect(plan?.liveInput).toBe('ecom.events-enriched.v1');
    expect(plan?.steps.every(({ readsLive }) => readsLive)).toBe(true);
  });

  it('cannot be made where a stage between is missing', () => {
    expect(planStages(['cleaning', 'sessionizer'])).toBeUndefined();
    expect(planStages([])).toBeUndefined();
  });

  it('names what it makes once', () => {
    const plan = planStages(['sessionizer', 'popularity']);
    expect(plan && outputsOf(plan)).toEqual([
      'ecom.user-sessions.v1',
      'ecom.late.v1',
      'ecom.product-popularity.v1',
      'ecom.dead-letter.v1',
    ]);
  });
});
