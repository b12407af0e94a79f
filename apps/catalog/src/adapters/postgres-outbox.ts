// One publisher at a time: an advisory lock that lives as long as its connection. Rows of one item are inserted under
// the item's row lock, so their ids are in the order of its versions; across items ids may become visible out of
// order, which does no harm because rows are removed one by one instead of by position.
import type { Pool, PoolClient } from '@shopstream/stores';
import type { Outbox, OutboxRow, OutboxSession } from '../domain/outbox.ts';
import { orUnavailable } from './postgres-errors.ts';

/** Any number, the same in every instance. */
const lockKey = 8_082_001;

const selectOldest = `
  select id, topic, payload, (extract(epoch from created_at) * 1000)::float8 as "createdAt"
  from outbox order by id limit $1`;

export function createPostgresOutbox(pool: Pool): Outbox {
  return {
    open: (onRows) =>
      orUnavailable(async () => {
        const client = await pool.connect();
        try {
          if (await tryLock(client)) return await toSession(client, onRows);
        } catch (error) {
          client.release(true);
          throw error;
        }
        client.release();
        return null;
      }),
  };
}

async function tryLock(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    lockKey,
  ]);
  return rows[0]?.locked === true;
}

async function toSession(client: PoolClient, onRows: () => void): Promise<OutboxSession> {
  client.on('notification', onRows).on('error', onRows);
  await client.query('listen catalog_outbox');
  return {
    read: (limit) => orUnavailable(async () => (await client.query<OutboxRow>(selectOldest, [limit])).rows),
    remove: (rows) =>
      orUnavailable(async () => {
        await client.query('delete from outbox where id = any($1)', [rows.map((row) => row.id)]);
      }),
    // Ends the connection, and with it lock and subscription.
    close: () => client.release(true),
  };
}
