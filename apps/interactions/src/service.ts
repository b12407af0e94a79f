import { inOrder, toReadiness } from '@shopstream/platform';
import type { Service, ServiceContext } from '@shopstream/platform';
import { connectCassandra } from '@shopstream/stores';
import { createStreams } from '@shopstream/streams';
import { createCassandraInteractionStore } from './adapters/cassandra-interaction-store.ts';
import type { Config } from './config.ts';
import { createEventHandler } from './handle-events.ts';
import { createInteractionMetrics } from './metrics.ts';

export function createInteractions(config: Config, context: ServiceContext): Service {
  const metrics = createInteractionMetrics(context.metrics);
  const cassandra = connectCassandra(config, context);
  const streams = createStreams(config, context);
  const store = createCassandraInteractionStore(cassandra.client, {
    maxWritesInFlight: config.MAX_WRITES_IN_FLIGHT,
    onWritten: (table) => metrics.rowsWritten.inc({ table }),
  });
  const handleEvents = createEventHandler(store, {
    batchSeconds: (seconds) => metrics.batchSeconds.observe(seconds),
  });
  const consumer = streams.createConsumer({
    name: 'interactions',
    handlers: { 'ecom.events-enriched.v1': handleEvents, 'ecom.signals.v1': handleEvents },
  });
  const resources = inOrder([cassandra, consumer]);

  return {
    ...resources,
    ready: async () => toReadiness({ cassandra: await cassandra.ready(), kafka: consumer.ready() }),
    live: () => consumer.live(),
  };
}
