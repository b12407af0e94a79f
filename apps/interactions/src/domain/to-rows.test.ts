import { describe, expect, it } from '@jest/globals';
import { cleanEvent, enrichedEvent, noonMs } from '@shopstream/testkit';
import { overlongId, toRows } from './to-rows.ts';

describe('toRows', () => {
  it('keeps an event under its user, by month, and under its item, by day', () => {
    const event = enrichedEvent({ rank: 3, widget: 'similar', recommended: true, page_url: null });
    const { interaction, itemInteraction } = toRows(event);
    expect(interaction).toEqual({
      namespace: 'default',
      user_id: 'user-1',
      month: 202601,
      event_time: new Date(noonMs),
      item_id: 'product-1',
      event_id: event.event_id,
      action_type: 'page_view',
      context: {
        surface: 'pdp',
        widget: 'similar',
        rank: '3',
        recommended: 'true',
        device_type: 'desktop',
        country: 'DE',
      },
      session_id: 'session-1',
    });
    expect(itemInteraction).toMatchObject({ item_id: 'product-1', day: 20260105, user_id: 'user-1' });
  });

  it('keeps an anonymous event under its anonymous id', () => {
    const { interaction } = toRows(cleanEvent({ user_id: null, anonymous_id: 'anonymous-1' }));
    expect(interaction?.user_id).toBe('anonymous-1');
  });

  it('keeps an event of nobody under its item only, and one without an item under its user only', () => {
    const nobody = toRows(cleanEvent({ user_id: null }));
    expect(nobody.interaction).toBeUndefined();
    expect(nobody.itemInteraction?.user_id).toBeNull();
    const search = toRows(cleanEvent({ event_type: 'search', product_id: null, search_query: 'boots' }));
    expect(search.itemInteraction).toBeUndefined();
    expect(search.interaction).toMatchObject({ item_id: '', context: { search_query: 'boots' } });
  });

  it('marks what was done without consent', () => {
    expect(toRows(enrichedEvent({ consent: 'denied' })).interaction?.context).toMatchObject({
      consent: 'denied',
    });
    expect(toRows(enrichedEvent()).interaction?.context).not.toHaveProperty('consent');
  });

  it('names the id that no key column can hold', () => {
    expect(overlongId(enrichedEvent({ product_id: 'é'.repeat(2_049) }))).toBe('product_id');
    expect(overlongId(enrichedEvent({ product_id: null }))).toBeUndefined();
  });
});
