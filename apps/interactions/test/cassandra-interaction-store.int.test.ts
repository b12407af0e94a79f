import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@shopstream/platform';
import { connectCassandra } from '@shopstream/stores';
import { enrichedEvent, freshKeyspace, noonMs } from '@shopstream/testkit';
import { createCassandraInteractionStore } from '../src/adapters/cassandra-interaction-store.ts';
import { migrate } from '../src/adapters/schema.ts';
import { loadMigrationConfig } from '../src/config.ts';
import { toRows } from '../src/domain/to-rows.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const keyspace = await freshKeyspace();
const config = { ...loadMigrationConfig(), ...keyspace };
const { client, start, stop } = connectCassandra(config, { logger });
const store = createCassandraInteractionStore(client, { maxWritesInFlight: 16 });

beforeAll(async () => {
  await start();
  await migrate(client, config);
});
afterAll(async () => {
  await stop();
  await keyspace.drop();
});

const rowsOf = async (query: string, params: unknown[]) => (await client.execute(query, params)).rows;
const user = (name: string, columns: object = {}) => enrichedEvent({ user_id: name, ...columns });

describe('interactions in Cassandra', () => {
  it('can be migrated again without losing rows', async () => {
    await store.write([toRows(user('migrated'))]);
    await migrate(client, config);
    expect(
      await rowsOf('SELECT * FROM interactions WHERE namespace = ? AND user_id = ? AND month = ?', [
        'default',
        'migrated',
        202601,
      ]),
    ).toHaveLength(1);
  });

  it('come back newest first, whatever order they were written in', async () => {
    const times = [3, 1, 2, 5, 4].map((minute) => noonMs + minute * 60_000);
    await store.write(times.map((timestamp) => toRows(user('ordered', { timestamp }))));
    const rows = await rowsOf(
      'SELECT event_time FROM interactions WHERE namespace = ? AND user_id = ? AND month = ?',
      ['default', 'ordered', 202601],
    );
    const found = rows.map((row) => (row['event_time'] as Date).getTime());
    expect(found).toEqual([...times].sort((a, b) => b - a));
  });

  it('keep two events of one user, item and millisecond apart, and one event written twice as one', async () => {
    const first = toRows(user('twice', { product_id: 'twice' }));
    const second = toRows(user('twice', { product_id: 'twice' }));
    await store.write([first, second, first]);
    await store.write([second]);
    const inMonth = ['default', 'twice', 202601];
    expect(
      await rowsOf('SELECT * FROM interactions WHERE namespace = ? AND user_id = ? AND month = ?', inMonth),
    ).toHaveLength(2);
    expect(
      await rowsOf('SELECT * FROM item_interactions WHERE namespace = ? AND item_id = ? AND day = ?', [
        'default',
        'twice',
        20260105,
      ]),
    ).toHaveLength(2);
  });

  it('let a reader find the newest rows of someone who was away for years in two queries', async () => {
    const timestamps = [Date.UTC(2019, 4, 31, 23), Date.UTC(2019, 5, 1), Date.UTC(2020, 1, 2)];
    await store.write(timestamps.map((timestamp) => toRows(user('away', { timestamp, product_id: 'away' }))));
    const months = await rowsOf(
      'SELECT month FROM user_buckets WHERE namespace = ? AND user_id = ? LIMIT 12',
      ['default', 'away'],
    );
    expect(months.map((row) => row['month'] as number)).toEqual([202002, 201906, 201905]);
    const newest = await rowsOf(
      'SELECT event_time FROM interactions WHERE namespace = ? AND user_id = ? AND month = ? LIMIT 1',
      ['default', 'away', months[0]?.['month']],
    );
    expect(newest[0]?.['event_time']).toEqual(new Date(Date.UTC(2020, 1, 2)));
    const days = await rowsOf('SELECT day FROM item_buckets WHERE namespace = ? AND item_id = ?', [
      'default',
      'away',
    ]);
    expect(days.map((row) => row['day'] as number)).toEqual([20200202, 20190601, 20190531]);
  });

  it('never share a partition between namespaces', async () => {
    await store.write([toRows(user('shared', { namespace: 'one' })), toRows(user('shared'))]);
    expect(
      await rowsOf('SELECT * FROM interactions WHERE namespace = ? AND user_id = ? AND month = ?', [
        'one',
        'shared',
        202601,
      ]),
    ).toHaveLength(1);
  });

  it('a failed write rejects the batch', async () => {
    const rows = toRows(user('refused'));
    const tooLong = toRows(user('refused', { event_id: 'x'.repeat(70_000) }));
    await expect(store.write([rows, tooLong])).rejects.toThrow(/maximum|too (long|large|big)|65535/i);
  });
});
