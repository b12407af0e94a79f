import { describe, expect, it } from '@jest/globals';
import { connectPostgres } from '@shopstream/stores';
import { freshDatabase } from '@shopstream/testkit';
import { migrate } from '../src/migrations/migrate.ts';
import { logger } from './setup.ts';

describe('migrate', () => {
  it('makes the database and its tables, by two at once, and changes nothing the next time', async () => {
    const database = await freshDatabase();
    await database.drop();
    await Promise.all([migrate(database, logger), migrate(database, logger)]);
    const postgres = connectPostgres(database, { logger, poolSize: 1 });
    const insert = `insert into items (item_id, namespace, title, version) values ('a', 'default', 'A', 1)`;
    await postgres.pool.query(insert);
    await migrate(database, logger);
    const { rows } = await postgres.pool.query(
      'select item_id, price, available, tags, is_new_item from items',
    );
    expect(rows).toEqual([{ item_id: 'a', price: null, available: true, tags: [], is_new_item: true }]);
    await postgres.stop();
    await database.drop();
  });

  it('marks each change with its transaction, so that a copy can be kept up by polling', async () => {
    const database = await freshDatabase();
    await migrate(database, logger);
    const postgres = connectPostgres(database, { logger, poolSize: 3 });
    const [slow, fast] = await Promise.all([postgres.pool.connect(), postgres.pool.connect()]);
    const insert = `insert into items (item_id, namespace, title, version) values ($1, 'default', 'x', 1)`;
    const poll = async (since: string) => {
      const { rows } = await postgres.pool.query<{ item_id: string }>(
        'select item_id from items where changed_xid >= $1::xid8 order by item_id',
        [since],
      );
      return rows.map((row) => row.item_id);
    };
    await slow.query('begin');
    await slow.query(insert, ['slow']);
    await fast.query(insert, ['fast']);
    const { rows } = await postgres.pool.query<{ xmin: string }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) as xmin',
    );
    const since = rows[0]?.xmin ?? '';
    expect(await poll('0')).toEqual(['fast']);
    await slow.query('commit');
    expect(await poll(since)).toContain('slow');
    slow.release();
    fast.release();
    await postgres.stop();
    await database.drop();
  });
});
