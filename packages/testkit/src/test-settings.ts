/** Where the test servers are: the same variables as every service reads, with the test ports as defaults. */
export interface TestSettings {
  KAFKA_BROKERS: string;
  SCHEMA_REGISTRY_URL: string;
  REDIS_URL: string;
  POSTGRES_URL: string;
  CASSANDRA_CONTACT_POINTS: string;
  CASSANDRA_LOCAL_DC: string;
}

const defaults: TestSettings = {
  KAFKA_BROKERS: '127.0.0.1:29092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:28081/apis/ccompat/v7',
  REDIS_URL: 'redis://127.0.0.1:26379',
  POSTGRES_URL: 'postgres://postgres@127.0.0.1:25432/shopstream',
  CASSANDRA_CONTACT_POINTS: '127.0.0.1:29042',
  CASSANDRA_LOCAL_DC: 'datacenter1',
};

/**
 * The settings of the test servers.
 * @example startServiceProcess({ app: 'catalog', env: { ...testSettings(), POSTGRES_URL: database.url } });
 */
export function testSettings(): TestSettings {
  const names = Object.keys(defaults) as (keyof TestSettings)[];
  return Object.fromEntries(
    names.map((name) => [name, process.env[name] ?? defaults[name]]),
  ) as unknown as TestSettings;
}
