// Brings the database to the newest schema, making it first where it is missing. Safe to run at any time, by several at once.
import { createLogger } from '@shopstream/platform';
import { loadMigrationConfig } from './config.ts';
import { migrate } from './migrations/migrate.ts';

const config = loadMigrationConfig();
await migrate(config, createLogger({ name: 'catalog-migrate', level: config.LOG_LEVEL }));
