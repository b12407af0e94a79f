import type { ItemInput, ItemWritten } from '@shopstream/contracts';
import type { Pool } from '@shopstream/stores';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ItemStore, StoredItem } from '../domain/item-store.ts';
import type { Item } from '../domain/item.ts';
import { toProduct } from '../domain/item.ts';
import { archive as toArchived, judge } from '../domain/judge.ts';
import type { Moment } from '../domain/judge.ts';
import { fromRow, itemColumns, toRow } from './item-rows.ts';
import { orUnavailable } from './postgres-errors.ts';
import { queriesOn } from './tables.ts';
import type { Tables } from './tables.ts';

export function createPostgresItemStore(pool: Pool): ItemStore {
  const db = queriesOn(pool);
  return {
    upsert: (inputs, moment) => orUnavailable(() => upsert(db, inputs, moment)),
    archive: (itemId, moment) => orUnavailable(() => archive(db, itemId, moment)),
    find: (namespace, itemId) =>
      orUnavailable(async () => (await read(db, namespace, [itemId])).get(itemId) ?? null),
    list: (namespace, page) => orUnavailable(() => list(db, namespace, page)),
  };
}

/** Looks first without a lock: what is unchanged, most of a repeated import, then costs no transaction. */
async function upsert(
  db: Kysely<Tables>,
  inputs: readonly ItemInput[],
  moment: Moment,
): Promise<ItemWritten[]> {
  const ids = [...new Set(inputs.map((input) => input.item_id))];
  const seen = await read(db, moment.namespace, ids);
  const expected = judge(seen, inputs, moment);
  if (expected.versions.length === 0) return expected.results;

  return db.transaction().execute(async (tx) => {
    const created = await lock(tx, expected.versions);
    const touched = [...new Set(expected.versions.map((item) => item.item_id))];
    const locked = await read(tx, moment.namespace, touched);
    const current = new Map([...seen, ...locked]);
    for (const id of created) current.delete(id);
    const { results, versions } = judge(current, inputs, moment);
    const latest = new Map(versions.map((item) => [item.item_id, item]));
    await write(
      tx,
      [...latest.values()].filter((item) => item.version > 1),
    );
    await publish(tx, versions);
    return results;
  });
}

/**
 * Locks the items of these versions, those that do not exist yet by inserting them; gives the ids inserted. One
 * statement in order of id, so that two batches never wait for each other.
 */
async function lock(tx: Kysely<Tables>, versions: readonly Item[]): Promise<Set<string>> {
  const first = new Map(versions.toReversed().map((item) => [item.item_id, { ...item, version: 1 }]));
  const rows = [...first.values()].sort((a, b) => (a.item_id < b.item_id ? -1 : 1)).map(toRow);
  const inserted = await tx
    .insertInto('items')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'item_id'])
        .doUpdateSet((row) => ({ version: row.ref('items.version') }))
        .where(sql<boolean>`false`),
    )
    .returning('item_id')
    .execute();
  return new Set(inserted.map((row) => row.item_id));
}

async function archive(db: Kysely<Tables>, itemId: string, moment: Moment): Promise<ItemWritten | null> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('items')
      .select(itemColumns)
      .where('namespace', '=', moment.namespace)
      .where('item_id', '=', itemId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return null;
    const item = fromRow(row);
    const archived = toArchived(item, moment);
    if (!archived) return { item_id: itemId, status: 'unchanged', version: item.version };
    await write(tx, [archived]);
    await publish(tx, [archived]);
    return { item_id: itemId, status: 'updated', version: archived.version };
  });
}

async function write(tx: Kysely<Tables>, items: readonly Item[]): Promise<void> {
  if (items.length === 0) return;
  await tx
    .insertInto('items')
    .values(items.map(toRow))
    .onConflict((conflict) =>
      conflict.columns(['namespace', 'item_id']).doUpdateSet((row) => {
        const excluded = itemColumns.filter((column) => column !== 'created_at');
        return Object.fromEntries(excluded.map((column) => [column, row.ref(`excluded.${column}`)]));
      }),
    )
    .execute();
}

async function publish(tx: Kysely<Tables>, versions: readonly Item[]): Promise<void> {
  if (versions.length === 0) return;
  const rows = versions.map((item) => ({ topic: 'ecom.products.v1' as const, payload: toProduct(item) }));
  await tx.insertInto('outbox').values(rows).execute();
}

async function read(
  db: Kysely<Tables>,
  namespace: string,
  ids: readonly string[],
): Promise<Map<string, StoredItem>> {
  const rows = await db
    .selectFrom('items')
    .select(itemColumns)
    .where('namespace', '=', namespace)
    .where(sql<boolean>`item_id = any(${ids})`)
    .execute();
  return new Map(rows.map((row) => [row.item_id, fromRow(row)]));
}

async function list(
  db: Kysely<Tables>,
  namespace: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<StoredItem[]> {
  const rows = await db
    .selectFrom('items')
    .select(itemColumns)
    .where('namespace', '=', namespace)
    .$if(after !== undefined, (query) => query.where('item_id', '>', after ?? ''))
    .orderBy('item_id')
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}
