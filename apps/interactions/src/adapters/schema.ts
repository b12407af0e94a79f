// Statements are idempotent and run one after the other: Cassandra does not take concurrent schema changes well. A change of
// the schema is a further statement at the end, never an edit.
import { cassandraTables as tables } from '@shopstream/contracts';
import type { CassandraClient } from '@shopstream/stores';

export interface Keyspace {
  CASSANDRA_KEYSPACE: string;
  CASSANDRA_LOCAL_DC: string;
  CASSANDRA_REPLICATION_FACTOR: number;
}

/** Creates what is missing of keyspace and tables. */
export async function migrate(client: CassandraClient, keyspace: Keyspace): Promise<void> {
  for (const statement of statementsFor(keyspace)) {
    await client.execute(statement, [], { prepare: false });
  }
}

function statementsFor(settings: Keyspace): readonly string[] {
  const keyspace = settings.CASSANDRA_KEYSPACE;
  const datacenter = settings.CASSANDRA_LOCAL_DC.replaceAll("'", "''");
  return [
    `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication =
       {'class': 'NetworkTopologyStrategy', '${datacenter}': ${settings.CASSANDRA_REPLICATION_FACTOR}}`,
    // The map is frozen because writing an unfrozen one leaves a tombstone on every insert.
    `CREATE TABLE IF NOT EXISTS ${keyspace}.${tables.interactions} (
       namespace text, user_id text, month int, event_time timestamp, item_id text, event_id text,
       action_type text, context frozen<map<text, text>>, session_id text,
       PRIMARY KEY ((namespace, user_id, month), event_time, item_id, event_id)
     ) WITH CLUSTERING ORDER BY (event_time DESC, item_id ASC, event_id ASC)`,
    `CREATE TABLE IF NOT EXISTS ${keyspace}.${tables.itemInteractions} (
       namespace text, item_id text, day int, event_time timestamp, event_id text,
       user_id text, action_type text,
       PRIMARY KEY ((namespace, item_id, day), event_time, event_id)
     ) WITH CLUSTERING ORDER BY (event_time DESC, event_id ASC)`,
    `CREATE TABLE IF NOT EXISTS ${keyspace}.${tables.userBuckets} (
       namespace text, user_id text, month int,
       PRIMARY KEY ((namespace, user_id), month)
     ) WITH CLUSTERING ORDER BY (month DESC)`,
    `CREATE TABLE IF NOT EXISTS ${keyspace}.${tables.itemBuckets} (
       namespace text, item_id text, day int,
       PRIMARY KEY ((namespace, item_id), day)
     ) WITH CLUSTERING ORDER BY (day DESC)`,
  ];
}
