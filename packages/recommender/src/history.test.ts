import { describe, expect, it } from '@jest/globals';
import { interestsOf } from './history.ts';
import type { Activity } from './types.ts';

const now = Date.UTC(2026, 0, 20, 12);
const view = (itemId: string, minutesAgo: number): Activity => ({
  itemId,
  eventType: 'page_view',
  at: now - minutesAgo * 60_000,
});

describe('interestsOf', () => {
  it('halves an event of the session after 30 minutes and one of the user after 7 days', () => {
    const history = { session: [view('a', 30)], user: [view('b', 7 * 24 * 60)] };
    expect(interestsOf(history, 'homepage', now)).toEqual([
      { itemId: 'a', strength: 0.025, strongest: 'page_view' },
      { itemId: 'b', strength: 0.025, strongest: 'page_view' },
    ]);
  });

  it('counts an event that is in both lists once', () => {
    const history = { session: [view('a', 30)], user: [view('a', 30)] };
    const [interest] = interestsOf(history, 'homepage', now);
    expect(interest?.strength).toBeLessThan(0.05);
  });

  it('names the deed that says most about an item', () => {
    const bought: Activity = { itemId: 'a', eventType: 'purchase', at: now - 60_000 };
    const history = { session: [view('a', 0), bought, view('a', 0)], user: [] };
    expect(interestsOf(history, 'homepage', now)[0]?.strongest).toBe('purchase');
  });

  it('takes an event ahead of its time for one of now', () => {
    expect(interestsOf({ session: [view('a', -5)], user: [] }, 'homepage', now)[0]?.strength).toBe(0.05);
  });

  it.each([
    ['pdp', 'seen-last'],
    ['cart', 'in-cart'],
    ['orders', 'bought'],
    ['homepage', 'bought'],
  ] as const)('on %s puts %s first', (surface, first) => {
    const session: Activity[] = [
      { itemId: 'bought', eventType: 'purchase', at: now - 60 * 60_000 },
      { itemId: 'in-cart', eventType: 'add_to_cart', at: now - 50 * 60_000 },
      view('seen-last', 0),
      ...Array.from({ length: 3 }, (_, index) => view('seen-last', index + 1)),
    ];
    expect(interestsOf({ session, user: [] }, surface, now)[0]?.itemId).toBe(first);
  });
});
