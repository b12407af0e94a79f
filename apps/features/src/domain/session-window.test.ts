import { describe, expect, it } from '@jest/globals';
import type { EventType } from '@shopstream/contracts';
import { noonMs } from '@shopstream/testkit';
import * as fc from 'fast-check';
import type { ItemEvent } from './feature-event.ts';
import { PAIRED_ITEMS, PAIRED_WITHIN_MS, pairWith, toSessionWindow } from './session-window.ts';

const event = (productId: string, minute: number, eventType: EventType = 'page_view'): ItemEvent => ({
  offset: 1n,
  namespace: 'default',
  sessionId: 'session-1',
  userId: 'user-1',
  eventType,
  productId,
  category: 'shoes',
  timeMs: noonMs + minute * 60_000,
  dwellMs: null,
});

const pairsAfter = (before: ItemEvent[], next: ItemEvent) => pairWith(toSessionWindow(before), next);

describe('pairWith', () => {
  it('pairs an item with those before it, the nearer the stronger', () => {
    expect(pairsAfter([event('a', 0), event('b', 1)], event('c', 2))).toEqual([
      { otherId: 'b', weight: 0.05 },
      { otherId: 'a', weight: 0.025 },
    ]);
  });

  it('weighs a pair by what was done with both items', () => {
    const [pair] = pairsAfter([event('a', 0, 'purchase')], event('b', 1, 'add_to_cart'));
    expect(pair?.weight).toBeCloseTo(Math.sqrt(0.7), 12);
  });

  it.each([
    ['the item itself', [event('a', 0)], event('a', 1, 'click')],
    ['an item seen too long ago', [event('b', 0)], event('a', PAIRED_WITHIN_MS / 60_000 + 1)],
    ['an item of which only dislike is known', [event('b', 0, 'dislike')], event('a', 1)],
    ['anything when the event speaks against its item', [event('b', 0)], event('a', 1, 'remove_from_cart')],
    ['anything when as much was done before', [event('a', 0, 'click'), event('b', 1)], event('a', 2)],
  ])('never pairs with %s', (_, before, next) => {
    expect(pairsAfter(before, next)).toEqual([]);
  });

  it('pairs with the last ten items only', () => {
    const before = Array.from({ length: 30 }, (_, index) => event(`item-${index}`, index));
    const pairs = pairsAfter(before, event('new', 30));
    expect(pairs.map(({ otherId }) => otherId)).toEqual(
      Array.from({ length: PAIRED_ITEMS }, (_, index) => `item-${29 - index}`),
    );
  });

  it('makes no pair when a session is processed again', () => {
    const types = fc.constantFrom<EventType>('page_view', 'click', 'purchase', 'dislike');
    const events = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(90), types), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(events, (session) => {
        const window = toSessionWindow([]);
        const replay = () =>
          session.flatMap(([id, minute, type]) => pairWith(window, event(id, minute, type)));
        replay();
        expect(replay()).toEqual([]);
      }),
    );
  });
});
