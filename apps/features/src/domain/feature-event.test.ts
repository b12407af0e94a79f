import { describe, expect, it } from '@jest/globals';
import type { EnrichedEvent } from '@shopstream/contracts';
import { enrichedEvent, noonMs } from '@shopstream/testkit';
import { toFeatureEvent } from './feature-event.ts';

const decide = (columns: Partial<EnrichedEvent>) =>
  toFeatureEvent({
    topic: 'ecom.events-enriched.v1',
    partition: 3,
    offset: 42n,
    timestamp: noonMs,
    key: null,
    bytes: Buffer.alloc(0),
    value: enrichedEvent(columns),
  });

describe('toFeatureEvent', () => {
  it('takes over what features need', () => {
    expect(decide({ dwell_ms: 1_500 })).toEqual({
      kind: 'use',
      event: {
        offset: 42n,
        namespace: 'default',
        sessionId: 'session-1',
        userId: 'user-1',
        eventType: 'page_view',
        productId: 'product-1',
        category: 'shoes',
        timeMs: noonMs,
        dwellMs: 1_500,
      },
    });
  });

  it.each([
    ['consent denied', { consent: 'denied' }],
    ['impression', { event_type: 'impression' }],
    ['unknown event type', { event_type: 'teleport' }],
    ['neither user nor item', { user_id: null, product_id: null }],
  ])('never makes a feature of %s', (reason, columns) => {
    expect(decide(columns)).toEqual({ kind: 'skip', reason });
  });
});
