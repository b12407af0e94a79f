import pg from 'pg';
import type { Pool } from 'pg';
import { z } from 'zod';
import { checkReady, describe, storeUnavailable } from './store.ts';
import type { Store, StoreDeps } from './store.ts';

export type { Pool, PoolClient } from 'pg';

/** Settings, to be spread into a service's schema. */
export const postgresConfig = {
  POSTGRES_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' })
    .default('postgres://postgres@127.0.0.1:15432/shopstream'),
};

export type PostgresConfig = z.output<z.ZodObject<typeof postgresConfig>>;

export interface PostgresStore extends Store {
  readonly pool: Pool;
}

/**
 * A PostgreSQL pool with bounded waiting: five seconds for a connection, ten for a statement. `bigint` and
 * `numeric` columns arrive as strings.
 * @example const postgres = connectPostgres(config, { logger }); await postgres.pool.query('select 1');
 */
export function connectPostgres(
  config: PostgresConfig,
  deps: StoreDeps & { poolSize?: number },
): PostgresStore {
  const pool = new pg.Pool({
    connectionString: config.POSTGRES_URL,
    max: deps.poolSize ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    query_timeout: 15_000,
    keepAlive: true,
  });
  // A connection that breaks would end the process if nobody listened. An idle one is replaced by the pool; of one in use the
  // query fails as well, and whoever runs it decides.
  pool.on('error', (error) =>
    deps.logger.warn({ store: 'postgres', ...describe(error) }, 'store connection failed'),
  );
  pool.on('connect', (client) => client.on('error', () => undefined));

  return {
    name: 'postgres',
    pool,
    async start() {
      try {
        await pool.query('select 1');
      } catch (error) {
        await pool.end();
        throw storeUnavailable('postgres', error);
      }
    },
    stop: () => pool.end(),
    ready: () => checkReady('postgres', () => pool.query('select 1')),
  };
}
