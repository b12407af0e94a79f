// Real events of a multi-category store, repeated with other ids and later times until there are enough of them.
import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Clickstream, Product } from '@shopstream/contracts';
import { parse } from 'csv-parse';
import { toClickstream, toProduct } from './rows.ts';

const FOLDER = 'rees46_2019_10_01';
/** What the file spans, rounded up to windows of half an hour. */
const SPAN_MS = 3 * 3_600_000;
const TYPES: Readonly<Record<string, string>> = { view: 'page_view' };

export const hasRees46 = (dataDir: string): boolean =>
  existsSync(path.join(dataDir, FOLDER, 'events.csv.gz'));
export const rees46File = (dataDir: string, name: 'events' | 'catalog'): string =>
  path.join(dataDir, FOLDER, `${name}.csv.gz`);

export async function rees46Products(dataDir: string): Promise<Product[]> {
  const rows = await readCsv(rees46File(dataDir, 'catalog'));
  return rows.map((row) =>
    toProduct({
      productId: row['product_id'] ?? '',
      category: row['category'] ?? '',
      brand: row['brand'] ?? '',
      price: row['price'] ?? '0.00',
    }),
  );
}

/** `count` rows as the collector would have written them, in the order of their times. */
export async function rees46Events(dataDir: string, count: number): Promise<Clickstream[]> {
  const rows = await readCsv(rees46File(dataDir, 'events'));
  return Array.from({ length: count }, (_, index) => {
    const row = rows[index % rows.length] ?? {};
    const round = Math.floor(index / rows.length);
    return toClickstream({
      eventId: `${row['event_id'] ?? ''}-${round}`,
      eventType: TYPES[row['event_type'] ?? ''] ?? row['event_type'] ?? '',
      userId: `${row['user_id'] ?? ''}-${round}`,
      // The session ids of the file are as long as an id may be.
      sessionId: `${(row['session_id'] ?? '').slice(0, 32)}-${round}`,
      productId: row['product_id'] ?? '',
      price: row['price'] ?? null,
      timestamp: Date.parse(row['ts'] ?? '') + round * SPAN_MS,
    });
  });
}

async function readCsv(file: string): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  const parser = createReadStream(file)
    .pipe(createGunzip())
    .pipe(parse({ columns: true }));
  for await (const row of parser) rows.push(row as Record<string, string>);
  return rows;
}
