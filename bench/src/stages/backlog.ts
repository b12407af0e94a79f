import type { Clickstream, Product } from '@shopstream/contracts';
import type { Output } from '@shopstream/streams';
import type { Options } from '../options.ts';
import type { Platform } from '../platform/platform.ts';
import { hasRees46, rees46Events, rees46Products } from '../real-data/rees46.ts';
import { toClickstream, toProduct } from '../real-data/rows.ts';
import { shopEvents, shopItems } from '../shop/synthetic-shop.ts';

const ROWS_PER_SEND = 2_000;

export interface Backlog {
  events: number;
  source: string;
}

/** Products, and events that wait in clickstream. */
export async function produceBacklog(
  platform: Platform,
  { dataDir, events: count }: Pick<Options, 'dataDir' | 'events'>,
): Promise<Backlog> {
  const isReal = hasRees46(dataDir);
  const products = isReal ? await rees46Products(dataDir) : syntheticProducts();
  const events = isReal ? await rees46Events(dataDir, count) : syntheticEvents(count);
  const producer = platform.streams.createProducer({ topics: ['ecom.clickstream.v1', 'ecom.products.v1'] });
  await producer.start();
  const outputs: Output[] = [
    ...products.map((value): Output => ({ topic: 'ecom.products.v1', value })),
    ...events.map((value): Output => ({ topic: 'ecom.clickstream.v1', value })),
  ];
  for (let from = 0; from < outputs.length; from += ROWS_PER_SEND) {
    await producer.send(outputs.slice(from, from + ROWS_PER_SEND), { timeoutMs: 60_000 });
  }
  await producer.stop();
  return { events: count, source: isReal ? 'rows of REES46 repeated with other ids and times' : 'synthetic' };
}

const syntheticProducts = (): Product[] =>
  shopItems().map((item) => {
    const { item_id: productId, category, brand, price } = item;
    return toProduct({ productId, category, brand, price });
  });

const syntheticEvents = (count: number): Clickstream[] =>
  shopEvents(count, { seed: 3, untilMs: Date.now() }).map((event) =>
    toClickstream({
      eventId: event.event_id,
      eventType: event.event_type === 'view' ? 'page_view' : event.event_type,
      userId: event.user_id,
      sessionId: event.session_id,
      productId: event.product_id,
      price: event.unit_price ?? null,
      timestamp: Date.parse(event.timestamp ?? ''),
    }),
  );
