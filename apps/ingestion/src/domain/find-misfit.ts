import type { EventField } from '@shopstream/contracts';
import { type ParsedEvent, spellingOf } from './parse-event.ts';
import { type Judged, refuse } from './refusal.ts';
import { isBulkPurchase } from './split-order.ts';

/** Types that say nothing without their product. */
const NEEDS_PRODUCT: ReadonlySet<string> = new Set([
  'impression',
  'add_to_cart',
  'remove_from_cart',
  'purchase',
  'like',
  'dislike',
]);

/** The first thing about the event as a whole that makes no sense. */
export function findMisfit(event: ParsedEvent): Judged<never> | undefined {
  const { fields } = event;
  const missing = (field: EventField, message: string): Judged<never> =>
    refuse('missing_field', spellingOf(event, field), message);
  if (
    (fields.user_id ?? fields.anonymous_id ?? fields.session_id ?? fields.context_session_id) === undefined
  ) {
    const message = 'is required where neither an anonymous id nor a session id is sent';
    return refuse('missing_identity', spellingOf(event, 'user_id'), message);
  }
  if (fields.product_ids && fields.event_type !== 'purchase') {
    return refuse(
      'invalid_field',
      spellingOf(event, 'product_ids'),
      'only a purchase may carry several products',
    );
  }
  if (NEEDS_PRODUCT.has(fields.event_type) && fields.product_id === undefined && !isBulkPurchase(fields)) {
    return missing('product_id', `is required for ${fields.event_type}`);
  }
  if (fields.event_type === 'search' && !fields.search_query)
    return missing('search_query', 'is required for search');
  return undefined;
}
