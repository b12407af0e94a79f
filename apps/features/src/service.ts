import { inOrder, toReadiness } from '@shopstream/platform';
import type { Service, ServiceContext } from '@shopstream/platform';
import { connectRedis } from '@shopstream/stores';
import { createStreams } from '@shopstream/streams';
import { createRedisFeatureStore } from './adapters/redis-feature-store.ts';
import { toHalfLives } from './config.ts';
import type { Config } from './config.ts';
import { createEventHandler } from './handle-events.ts';
import { createPopularityHandler } from './handle-popularity.ts';
import { createFeatureMetrics } from './metrics.ts';

export function createFeatures(config: Config, context: ServiceContext): Service {
  const metrics = createFeatureMetrics(context.metrics);
  const halfLives = toHalfLives(config);
  const redis = connectRedis(config, context);
  const streams = createStreams(config, context);
  const store = createRedisFeatureStore(redis.client, halfLives);
  const handleEvents = createEventHandler(store, { halfLives, metrics });
  const consumer = streams.createConsumer({
    name: 'features',
    handlers: {
      'ecom.events-enriched.v1': handleEvents,
      'ecom.signals.v1': handleEvents,
      'ecom.product-popularity.v1': createPopularityHandler(store),
    },
  });
  const resources = inOrder([redis, consumer]);

  return {
    ...resources,
    ready: async () => toReadiness({ redis: await redis.ready(), kafka: consumer.ready() }),
    live: () => consumer.live(),
  };
}
