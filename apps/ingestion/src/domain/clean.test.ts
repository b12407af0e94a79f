import { describe, expect, it } from '@jest/globals';
import { CLEAN_EVENT_TYPES, type Clickstream, EVENT_TYPES } from '@shopstream/contracts';
import { clickstreamEvent, noonMs } from '@shopstream/testkit';
import { clean, type ClickstreamRecord } from './clean.ts';

const record = (columns: Partial<Clickstream> = {}): ClickstreamRecord => ({
  topic: 'ecom.clickstream.v1',
  partition: 3,
  offset: 17n,
  timestamp: noonMs,
  key: Buffer.from('default:session-1'),
  bytes: Buffer.from('as sent'),
  value: clickstreamEvent(columns),
});

describe('clean', () => {
  it.each(EVENT_TYPES)('%s goes to where its type belongs, as one row', (event_type) => {
    const isClean = (CLEAN_EVENT_TYPES as readonly string[]).includes(event_type);
    expect(clean(record({ event_type }), 'first')).toMatchObject({
      kind: isClean ? 'clean' : 'signal',
      output: { topic: isClean ? 'ecom.events-clean.v1' : 'ecom.signals.v1', value: { event_type } },
    });
  });

  it.each([
    [{ event_type: 'view' }, 'page_view'],
    [{ event_type: 'add' }, 'add_to_cart'],
    [{ event_type: '3' }, 'purchase'],
    [{ event_type: 'view', widget: 'similar', surface: 'home' }, 'impression'],
    [{ event_type: 'page_view', widget: 'similar', surface: 'pdp' }, 'page_view'],
  ])('a producer of its own may write %j: it is %s', (columns, event_type) => {
    expect(clean(record(columns), 'first')).toMatchObject({ output: { value: { event_type } } });
  });

  it.each([
    [{ user_id: 'u', anonymous_id: 'a' }, 'u'],
    [{ user_id: null, anonymous_id: 'a' }, 'a'],
    [{ user_id: null, anonymous_id: null }, null],
  ])('the user of %j is %s', (columns, user_identifier) => {
    expect(clean(record(columns), 'first')).toMatchObject({ output: { value: { user_identifier } } });
  });

  it('a time ahead of the broker is held at the time of appending, so that it closes no windows', () => {
    expect(clean(record({ timestamp: noonMs + 3_600_000 }), 'first')).toMatchObject({
      output: { value: { timestamp: noonMs, clock: 'clamped' } },
    });
  });

  it('a duplicate ends here', () => {
    expect(clean(record(), 'duplicate')).toEqual({ kind: 'duplicate' });
  });

  it.each([
    [{ event_id: null }, 'missing_event_id', 'event_id'],
    [{ session_id: null }, 'missing_session_id', 'session_id'],
    [{ event_type: null }, 'missing_event_type', 'event_type'],
    [{ event_type: 'teleport' }, 'unknown_event_type', 'event_type'],
    [{ event_type: 'constructor' }, 'unknown_event_type', 'event_type'],
    [{ event_id: '' }, 'invalid_id', 'event_id'],
    [{ event_id: 'x'.repeat(65) }, 'invalid_id', 'event_id'],
    [{ session_id: 'x'.repeat(51) }, 'invalid_id', 'session_id'],
    [{ user_id: 'a b' }, 'invalid_id', 'user_id'],
    [{ anonymous_id: '\u0007' }, 'invalid_id', 'anonymous_id'],
    [{ product_id: 'x'.repeat(51) }, 'invalid_id', 'product_id'],
    [{ namespace: 'A:B' }, 'invalid_id', 'namespace'],
    [{ timestamp: 8_640_000_000_000_001 }, 'timestamp_too_late', 'timestamp'],
    [{ timestamp: noonMs + 86_400_001 }, 'timestamp_too_late', 'timestamp'],
    [{ timestamp: Date.UTC(2000, 0, 1) - 1 }, 'timestamp_too_early', 'timestamp'],
  ])('%j becomes a dead letter for %s, whatever its claim', (columns, reason, field) => {
    for (const claim of ['first', 'duplicate'] as const) {
      expect(clean(record(columns), claim)).toMatchObject({
        kind: 'dead_letter',
        output: {
          topic: 'ecom.dead-letter.v1',
          value: {
            stage: 'cleaning',
            reason,
            field,
            source_topic: 'ecom.clickstream.v1',
            source_partition: 3,
            source_offset: 17,
            key: Buffer.from('default:session-1'),
            value: Buffer.from('as sent'),
          },
        },
      });
    }
  });
});
