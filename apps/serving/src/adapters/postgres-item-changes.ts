// Exact polling: a transaction that this read does not see yet has an id of at least the snapshot's xmin, so rows from that id
// on are read again next time. The xmin is taken before the rows, which errs on the side of reading twice.
import type { Pool } from '@shopstream/stores';
import type { CatalogRow } from '../domain/catalog.ts';
import type { ItemChanges } from '../domain/stores.ts';

interface Row {
  id: string;
  changed_xid: string;
  namespace: string;
  item_id: string;
  title: string;
  category: string | null;
  brand: string | null;
  price: string | null;
  currency: string | null;
  available: boolean;
  is_active: boolean;
  image_url: string | null;
  avg_rating: string | null;
  version: string;
}

const pageRows = 5_000;
const pageQuery = `
  select id, changed_xid, namespace, item_id, title, category, brand, price, currency, available, is_active, image_url,
         avg_rating, version
  from items where changed_xid >= $1::xid8 and (changed_xid, id) > ($2::xid8, $3::bigint)
  order by changed_xid, id limit ${pageRows}`;

export function createPostgresItemChanges(pool: Pool): ItemChanges<CatalogRow> {
  return {
    async read(since, take) {
      const snapshot = await pool.query<{ xmin: string }>(
        'select pg_snapshot_xmin(pg_current_snapshot())::text as xmin',
      );
      const from = since ?? '0';
      let after = { xid: from, id: '0' };
      for (;;) {
        const { rows } = await pool.query<Row>(pageQuery, [from, after.xid, after.id]);
        take(rows.map(toCatalogRow));
        const last = rows.at(-1);
        if (!last || rows.length < pageRows) break;
        after = { xid: last.changed_xid, id: last.id };
      }
      return snapshot.rows[0]?.xmin ?? from;
    },
  };
}

function toCatalogRow(row: Row): CatalogRow {
  return {
    namespace: row.namespace,
    itemId: row.item_id,
    version: Number(row.version),
    available: row.available && row.is_active,
    metadata: {
      title: row.title,
      category: row.category,
      thumbnail_url: row.image_url,
      rating: toNumber(row.avg_rating),
      price: toNumber(row.price),
      currency: row.currency,
      brand: row.brand,
    },
  };
}

const toNumber = (decimal: string | null): number | null => (decimal === null ? null : Number(decimal));
