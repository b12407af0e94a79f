import { createLogger } from '@shopstream/platform';
import { connectCassandra } from '@shopstream/stores';
import { migrate } from './adapters/schema.ts';
import { loadMigrationConfig } from './config.ts';

const config = loadMigrationConfig();
const logger = createLogger({ name: 'interactions-migrate', level: config.LOG_LEVEL });
const cassandra = connectCassandra(config, { logger, keyspace: 'none' });
await cassandra.start();
try {
  await migrate(cassandra.client, config);
  logger.info({ keyspace: config.CASSANDRA_KEYSPACE }, 'keyspace migrated');
} finally {
  await cassandra.stop();
}
