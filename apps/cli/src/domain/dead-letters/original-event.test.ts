import { describe, expect, it } from '@jest/globals';
import type { DeadLetter } from '@shopstream/contracts';
import { toOriginalEvent } from './original-event.ts';

const receivedMs = Date.UTC(2026, 0, 5, 12);
const iso = (offsetMs: number): string => new Date(receivedMs + offsetMs).toISOString();

const refused = (columns: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ stage: 'collector', reason: 'invalid_field', field: 'price', message: 'is wrong' },
  ...{ namespace: null, event_id: null, source_topic: null, source_partition: null, source_offset: null },
  ...{ key: null, value: null, failed_at: receivedMs },
  ...columns,
});

describe('an event that was refused', () => {
  it.each([
    ['the time of receipt where it had none', {}, { timestamp: iso(0) }],
    ['its own time where that was in order', { timestamp: iso(-5_000) }, { timestamp: iso(-5_000) }],
    ['the time of receipt where it was ahead', { timestamp: iso(60_000) }, { timestamp: iso(0) }],
    [
      'its own time where it was ahead too far',
      { timestamp: iso(90_000_000) },
      { timestamp: iso(90_000_000) },
    ],
    ['a time that can not be read as it is', { timestamp: 'noon' }, { timestamp: 'noon' }],
    ['epoch milliseconds as they are', { timestamp: receivedMs - 1 }, { timestamp: receivedMs - 1 }],
    [
      'its time by the collector, where its clock was off',
      { timestamp: iso(-3_700_000), sentAt: iso(-3_600_000) },
      { timestamp: iso(-100_000) },
    ],
    [
      'its time where its clock was right',
      { timestamp: iso(-90_000), sent_at: iso(-2_000) },
      { timestamp: iso(-90_000) },
    ],
    ['`ts` of the batch dialect', { type: 'view', ts: iso(5_000) }, { type: 'view', ts: iso(0) }],
  ])('keeps %s', (_, sent, expected) => {
    expect(toOriginalEvent(sent, refused())).toEqual(expected);
  });

  it('gets tenant and id of its request, unless it names them itself', () => {
    const row = refused({ namespace: 'outlet', event_id: 'e1' });
    const timestamp = iso(0);
    expect(toOriginalEvent({ timestamp }, row)).toEqual({ timestamp, namespace: 'outlet', event_id: 'e1' });
    const own = { timestamp, namespace: 'own', eventId: 'e2' };
    expect(toOriginalEvent(own, row)).toEqual(own);
  });
});
