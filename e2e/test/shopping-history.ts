import type { Clickstream, Product } from '@shopstream/contracts';
import { clickstreamEvent, noonMs, productVersion } from '@shopstream/testkit';

const STEP_MS = 20_000;
const TYPES = ['page_view', 'click', 'add_to_cart', 'purchase', 'search'];

/** Products that change their price in the middle of the afternoon. */
export const products = (): Product[] =>
  ['p0', 'p1', 'p2'].flatMap((product_id, index) => [
    productVersion({ product_id, version: 1, price: `${index + 1}.50` }),
    productVersion({ product_id, version: 2, price: `${index + 2}.25`, valid_from: noonMs + 3_600_000 }),
  ]);

/** An event each twenty seconds from noon on, of seven sessions in turn; now and then one that is out of order, or sent twice. */
export function shoppingEvents(from: number, count: number): Clickstream[] {
  return Array.from({ length: count }, (_, k) => from + k).flatMap((i) => {
    const product = i % 4 === 3 ? null : `p${i % 4}`;
    const event = clickstreamEvent({
      event_id: `e${i}`,
      session_id: `s${i % 7}`,
      user_id: `u${i % 5}`,
      event_type: product === null ? 'search' : (TYPES[i % TYPES.length] ?? 'click'),
      search_query: 'shoes',
      product_id: product,
      page_url: `https://shop.example/${product ?? 'search'}`,
      timestamp: noonMs + i * STEP_MS - (i % 10 === 9 ? 25_000 : 0),
    });
    return i % 50 === 49 ? [event, event] : [event];
  });
}
