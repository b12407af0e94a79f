import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type EventRequest, judgeEvent } from './judge-event.ts';

const receivedAt = Date.UTC(2026, 0, 5, 12);
const request: EventRequest = {
  receivedAt,
  agent: { device_type: 'desktop', browser: 'Firefox' },
  dialect: null,
  defaults: [],
};

function rowsOf(event: unknown, more: Partial<EventRequest> = {}) {
  const result = judgeEvent(event, { ...request, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value.rows;
}

const rowOf = (event: unknown, more: Partial<EventRequest> = {}) => rowsOf(event, more)[0];

describe('the session of an event', () => {
  const header = [{ field: 'session_id', spelling: 'X-Session-Id', value: 'from-header' }] as const;
  const full = {
    eventType: 'click',
    sessionId: 'own',
    anonId: 'anon',
    userId: 'u',
    metadata: { session_id: 'context' },
  };
  const { sessionId: _, ...noOwn } = full;
  const { metadata: __, ...noContext } = noOwn;

  it.each([
    ['its own', full, header, 'own'],
    ['the header', noOwn, header, 'from-header'],
    ['its context', noOwn, [], 'context'],
    ['the anonymous id', noContext, [], 'anon'],
  ])('is %s', (_what, event, defaults, session) => {
    expect(rowOf(event, { defaults })).toMatchObject({ session_id: session, session_derived: false });
  });

  it('is derived from the user otherwise: always the same, never another user’s', () => {
    const ids = fc.stringMatching(/^[a-z0-9]{1,50}$/);
    const sessionOf = (userId: string, namespace: string) => rowOf({ eventType: 'click', userId, namespace });
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const row = sessionOf(one, 'a');
        expect(row?.session_derived).toBe(true);
        expect(row?.session_id).toMatch(/^[\x21-\x7e]{1,50}$/);
        expect(sessionOf(one, 'a')?.session_id).toBe(row?.session_id);
        expect(sessionOf(one, 'b')?.session_id).not.toBe(row?.session_id);
        if (other !== one) expect(sessionOf(other, 'a')?.session_id).not.toBe(row?.session_id);
      }),
    );
  });
});

describe('the id of an event', () => {
  const event = fc.record({
    eventType: fc.constantFrom('view', 'click', 'like', 'purchase'),
    userId: fc.stringMatching(/^[a-z0-9]{1,50}$/),
    productId: fc.stringMatching(/^[a-z0-9]{1,50}$/),
    timestamp: fc.integer({ min: Date.UTC(2000, 0, 1), max: receivedAt }),
  });

  it('is derived where none is sent, the same whenever it is received and however it is spelled', () => {
    fc.assert(
      fc.property(event, fc.nat(1e9), (sent, laterMs) => {
        const first = rowOf(sent)?.event_id;
        expect(first).toMatch(/^[0-9a-f]{64}$/);
        expect(rowOf(sent, { receivedAt: receivedAt + laterMs })?.event_id).toBe(first);
        const { eventType: type, userId: user_id, productId: item_id, timestamp } = sent;
        const ts = new Date(timestamp).toISOString();
        expect(rowOf({ type, user_id, item_id, ts })?.event_id).toBe(first);
      }),
    );
  });

  it('differs where user, item, type, time or tenant differ', () => {
    fc.assert(
      fc.property(event, event, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(rowOf(one)?.event_id === rowOf(other)?.event_id).toBe(isSame);
        expect(rowOf({ ...one, namespace: 'other' })?.event_id).not.toBe(rowOf(one)?.event_id);
      }),
    );
  });
});
