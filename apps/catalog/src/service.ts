import { inOrder } from '@shopstream/platform';
import type { Service, ServiceContext } from '@shopstream/platform';
import { connectPostgres } from '@shopstream/stores';
import { createStreams } from '@shopstream/streams';
import { createPostgresItemStore } from './adapters/postgres-item-store.ts';
import { createPostgresOutbox } from './adapters/postgres-outbox.ts';
import type { Config } from './config.ts';
import { createCatalogMetrics } from './metrics.ts';
import { createPublisher } from './publisher.ts';
import { itemRoutes } from './routes/index.ts';

export function createCatalog(config: Config, context: ServiceContext): Service {
  const { logger } = context;
  const metrics = createCatalogMetrics(context.metrics);
  const postgres = connectPostgres(config, { logger });
  const producer = createStreams(config, context).createProducer({ topics: ['ecom.products.v1'] });
  const outbox = createPostgresOutbox(postgres.pool);
  const publisher = createPublisher({ outbox, producer, metrics, logger });

  return {
    ...inOrder([postgres, producer, publisher]),
    // Kafka is shown but not needed: while it is away changes are taken and wait in the outbox.
    ready: async () => {
      const database = await postgres.ready();
      return { ready: database === 'ok', checks: { postgres: database, publisher: publisher.ready() } };
    },
    live: () => publisher.live(),
    http: itemRoutes({ items: createPostgresItemStore(postgres.pool), metrics, now: Date.now }),
  };
}
