import { inOrder, type Service, type ServiceContext, toReadiness } from '@shopstream/platform';
import { connectRedis } from '@shopstream/stores';
import { createStreams } from '@shopstream/streams';
import { createRedisClaimStore } from './adapters/redis-claim-store.ts';
import { createCollector } from './collector.ts';
import type { Config } from './config.ts';
import { createCleaningStage } from './handle-clickstream.ts';
import { createIngestionMetrics } from './metrics.ts';
import { createRequestReader } from './routes/event-request.ts';
import { createRoutes } from './routes/routes.ts';
import { createRowWriter } from './row-writer.ts';
import { createUserAgentReader } from './user-agent.ts';

/** The collector, and the stage that cleans what it and others write; in a bounded run that stage alone. */
export function createIngestion(config: Config, context: ServiceContext): Service {
  const metrics = createIngestionMetrics(context.metrics);
  const redis = connectRedis(config, context);
  const streams = createStreams(config, context);
  const claims = createRedisClaimStore(redis.client);
  const cleaning = streams.createRecordStage(createCleaningStage({ claims, metrics }), {
    outputs: ['ecom.events-clean.v1', 'ecom.signals.v1', 'ecom.dead-letter.v1'],
  });
  const live = (): boolean => cleaning.live();
  if (cleaning.ended !== null) {
    const ready = async () => toReadiness({ redis: await redis.ready(), cleaning: cleaning.ready() });
    return { ...inOrder([redis, streams.admin, cleaning]), ready, live, ended: cleaning.ended };
  }
  const producer = streams.createProducer({ topics: ['ecom.clickstream.v1', 'ecom.dead-letter.v1'] });
  const writer = createRowWriter(producer, {
    ackTimeoutMs: config.ACK_TIMEOUT_MS,
    maxWaitingRows: config.MAX_UNACKNOWLEDGED_ROWS,
    metrics,
  });
  return {
    ...inOrder([redis, producer, cleaning]),
    ready: async () =>
      toReadiness({ redis: await redis.ready(), producer: producer.ready(), cleaning: cleaning.ready() }),
    live,
    http: createRoutes({
      collector: createCollector({ writer, metrics }),
      requests: createRequestReader({ now: Date.now, readAgent: createUserAgentReader() }),
    }),
  };
}
