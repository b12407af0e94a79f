export { cassandraConfig, connectCassandra } from './cassandra.ts';
export type { CassandraClient, CassandraConfig, CassandraStore } from './cassandra.ts';
export { connectPostgres, postgresConfig } from './postgres.ts';
export type { Pool, PoolClient, PostgresConfig, PostgresStore } from './postgres.ts';
export { connectRedis, redisConfig } from './redis.ts';
export type { Redis, RedisConfig, RedisStore } from './redis.ts';
export type { Store, StoreDeps, StoreErrorCode } from './store.ts';
