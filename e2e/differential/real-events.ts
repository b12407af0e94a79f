import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { clickstreamEvent, productVersion } from '@shopstream/testkit';
import { parse } from 'csv-parse/sync';
import { type DataSet, withClosingEvents } from './data-set.ts';

const dataDir = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Whether a folder of the real data is there: it is not part of the checkout. */
export const hasRealEvents = (folder: string): boolean => existsSync(`${dataDir}${folder}/events.csv.gz`);

/** The first events of a real shop in the order of the file, with its products, as a producer to Kafka would send them. */
export function realEvents(folder: string, limit: number): DataSet {
  const products = readRows(`${folder}/catalog.csv.gz`).map((row) =>
    productVersion({
      product_id: row['product_id'] ?? '',
      name: row['name'] ?? row['product_id'] ?? '',
      category: row['category'] || null,
      subcategory: row['subcategory'] || null,
      brand: row['brand'] || null,
      price: row['price'] ? Number(row['price']).toFixed(2) : null,
    }),
  );
  const events = readRows(`${folder}/events.csv.gz`)
    .slice(0, limit)
    .map((row) =>
      clickstreamEvent({
        event_id: row['event_id'] ?? null,
        session_id: row['session_id'] ?? null,
        user_id: row['user_id'] || null,
        anonymous_id: row['anonymous_id'] || null,
        event_type: row['event_type'] ?? null,
        product_id: row['product_id'] || null,
        page_url: `/products/${row['product_id']}`,
        country: row['country'] || null,
        timestamp: Date.parse(row['ts'] ?? ''),
      }),
    );
  return withClosingEvents({ products, events }, events.at(-1)?.timestamp ?? 0);
}

function readRows(file: string): Partial<Record<string, string>>[] {
  return parse(gunzipSync(readFileSync(dataDir + file)), { columns: true });
}
