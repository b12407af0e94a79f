import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { type ShopProduct, toShopProduct } from '../domain/shop/products.ts';

/** Products of a catalogue in CSV; rows without id, name or price are left out. */
export async function readProducts(path: string | URL): Promise<ShopProduct[]> {
  const file = createReadStream(path);
  const text = String(path).endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: true });
  const products: ShopProduct[] = [];
  const rows = pipeline(text, parser, () => undefined) as AsyncIterable<Record<string, string>>;
  for await (const row of rows) {
    const product = toShopProduct(row);
    if (product) products.push(product);
  }
  return products;
}
