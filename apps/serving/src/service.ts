import { inOrder } from '@shopstream/platform';
import type { Service, ServiceContext } from '@shopstream/platform';
import { connectCassandra, connectPostgres, connectRedis } from '@shopstream/stores';
import { Router } from 'express';
import { createCassandraHistoryStore } from './adapters/cassandra-history-store.ts';
import { createPostgresItemChanges } from './adapters/postgres-item-changes.ts';
import { createRedisFeatureStore } from './adapters/redis-feature-store.ts';
import { createCatalogFollower } from './catalog-follower.ts';
import type { Config } from './config.ts';
import { createCrowdCache } from './crowd-cache.ts';
import { createCatalog } from './domain/catalog.ts';
import { createForwarder } from './forwarder.ts';
import { createServingMetrics } from './metrics.ts';
import { createNeighbourCache } from './neighbour-cache.ts';
import { createReadObserver, observeFeatures, observeHistory } from './observe-reads.ts';
import { createRecommendFor } from './recommend-for.ts';
import { forwardEvents } from './routes/forward-events.ts';
import { getHistory } from './routes/get-history.ts';
import { getRecommendations } from './routes/get-recommendations.ts';
import { getSimilarItems } from './routes/get-similar-items.ts';
import { createSimilarTo } from './similar-to.ts';

/** Ingestion's own limits are lower; this one only bounds what is passed through. */
const maxForwardedBytes = 16 * 1_024 * 1_024;

export function createServing(config: Config, { logger, metrics: registry }: ServiceContext): Service {
  const metrics = createServingMetrics(registry);
  const redis = connectRedis(config, { logger });
  const cassandra = connectCassandra(config, { logger });
  const postgres = connectPostgres(config, { logger, poolSize: 2 });
  const forwarder = createForwarder({ url: config.INGESTION_URL, maxBodyBytes: maxForwardedBytes });

  const catalog = createCatalog({ maxItems: config.CATALOG_MAX_ITEMS });
  const changes = createPostgresItemChanges(postgres.pool);
  const follower = createCatalogFollower({ changes, catalog, logger, metrics });
  const observed = observeFeatures(
    createRedisFeatureStore(redis.client, { timeoutMs: config.REDIS_TIMEOUT_MS }),
    createReadObserver('redis', { logger, metrics }),
  );
  const history = observeHistory(
    createCassandraHistoryStore(cassandra.client, { timeoutMs: config.CASSANDRA_TIMEOUT_MS }),
    createReadObserver('cassandra', { logger, metrics }),
  );
  const features = { ...observed, ...createNeighbourCache({ features: observed, now: Date.now }) };
  const crowd = createCrowdCache({ features, catalog, now: Date.now });
  const resources = inOrder([redis, cassandra, postgres, follower, forwarder]);

  const http = Router();
  http.use(
    getRecommendations({
      recommendFor: createRecommendFor({ features, crowd, catalog, now: Date.now }),
      metrics,
    }),
    forwardEvents({ forwarder, metrics }),
    getSimilarItems({ similarTo: createSimilarTo({ features, crowd, catalog }), metrics }),
    getHistory({ history }),
  );

  return {
    ...resources,
    live: () => true,
    // Ready without its stores: recommendations go on from what is in memory, and taking every instance out of
    // service would turn a slow store into an outage.
    async ready() {
      const [redisState, cassandraState] = await Promise.all([redis.ready(), cassandra.ready()]);
      return {
        ready: true,
        checks: { catalogue: follower.ready(), redis: redisState, cassandra: cassandraState },
      };
    },
    http,
  };
}
