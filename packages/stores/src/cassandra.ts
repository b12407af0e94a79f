import { envList } from '@shopstream/platform';
import cassandra from 'cassandra-driver';
import type { Client } from 'cassandra-driver';
import { z } from 'zod';
import { checkReady, storeUnavailable } from './store.ts';
import type { Store, StoreDeps } from './store.ts';

export type { Client as CassandraClient } from 'cassandra-driver';

/** Settings, to be spread into a service's schema. Contact points are `host:port`, separated by commas. */
export const cassandraConfig = {
  CASSANDRA_CONTACT_POINTS: envList().default(['127.0.0.1:19042']),
  CASSANDRA_KEYSPACE: z
    .string()
    .regex(/^[a-z]\w{0,47}$/, 'must be a keyspace name in lower case')
    .default('shopstream'),
  CASSANDRA_LOCAL_DC: z.string().default('datacenter1'),
};

export type CassandraConfig = z.output<z.ZodObject<typeof cassandraConfig>>;

export interface CassandraStore extends Store {
  readonly client: Client;
}

/**
 * Cassandra at LOCAL_QUORUM with every statement prepared; `bigint` columns arrive as BigInt. The keyspace must exist.
 * @param deps.keyspace `'none'` for whoever creates keyspaces
 * @example const store = connectCassandra(config, { logger }); await store.client.execute('SELECT … WHERE user_id = ?', [id]);
 */
export function connectCassandra(
  config: CassandraConfig,
  deps: StoreDeps & { keyspace?: 'configured' | 'none' },
): CassandraStore {
  const client = new cassandra.Client({
    contactPoints: config.CASSANDRA_CONTACT_POINTS,
    localDataCenter: config.CASSANDRA_LOCAL_DC,
    ...(deps.keyspace !== 'none' && { keyspace: config.CASSANDRA_KEYSPACE }),
    queryOptions: { prepare: true, consistency: cassandra.types.consistencies.localQuorum },
    // The server's own timeouts are shorter: they, not ours, should end a slow request.
    socketOptions: { connectTimeout: 5_000, readTimeout: 12_000 },
    policies: { reconnection: new cassandra.policies.reconnection.ExponentialReconnectionPolicy(100, 5_000) },
    encoding: { useBigIntAsLong: true },
    monitorReporting: { enabled: false },
  });
  client.on('hostDown', (host: { address: string }) => {
    deps.logger.warn({ store: 'cassandra', reason: `${host.address} is down` }, 'store connection failed');
  });

  return {
    name: 'cassandra',
    client,
    async start() {
      try {
        await client.connect();
      } catch (error) {
        await client.shutdown();
        throw storeUnavailable('cassandra', error);
      }
    },
    stop: () => client.shutdown(),
    ready: () => checkReady('cassandra', () => client.execute('SELECT key FROM system.local')),
  };
}
