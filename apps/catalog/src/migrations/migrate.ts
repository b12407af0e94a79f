import type { Logger } from '@shopstream/platform';
import { connectPostgres } from '@shopstream/stores';
import type { Pool, PostgresConfig } from '@shopstream/stores';
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import { migrations } from './index.ts';

/** Makes the database when it is missing, then runs the migrations it has not had. Throws the error of the one that failed. */
export async function migrate(config: PostgresConfig, logger: Logger): Promise<void> {
  await createDatabase(config, logger);
  await withPool(config, logger, async (pool) => {
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const { error, results = [] } = await migrator.migrateToLatest();
    for (const { migrationName, status } of results) {
      logger.info({ migration: migrationName, status }, 'migration run');
    }
    if (error !== undefined)
      throw error instanceof Error ? error : new Error('migration failed', { cause: error });
  });
}

async function createDatabase(config: PostgresConfig, logger: Logger): Promise<void> {
  const url = new URL(config.POSTGRES_URL);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  await withPool({ POSTGRES_URL: url.href }, logger, async (pool) => {
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    const found = await sql`select from pg_database where datname = ${name}`.execute(db);
    if (found.rows.length > 0) return;
    await sql`create database ${sql.id(name)}`.execute(db).catch((error: unknown) => {
      if (!isMadeByAnother(error)) throw error;
    });
    logger.info({ database: name }, 'database created');
  });
}

/** Two migrations at once: the name is taken, either seen or found by the unique index. */
function isMadeByAnother(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['42P04', '23505'].includes(String(error.code));
}

async function withPool(
  config: PostgresConfig,
  logger: Logger,
  work: (pool: Pool) => Promise<void>,
): Promise<void> {
  const postgres = connectPostgres(config, { logger, poolSize: 2 });
  await postgres.start();
  try {
    await work(postgres.pool);
  } finally {
    await postgres.stop();
  }
}
