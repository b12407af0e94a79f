import { type Service, type ServiceContext, inOrder, toReadiness } from '@shopstream/platform';
import { createStreams } from '@shopstream/streams';
import type { Config } from './config.ts';
import { createEnrichmentStage } from './domain/enrich.ts';
import { createProductVersions, toProductKey } from './domain/product-versions.ts';
import { createEnrichmentMetrics } from './metrics.ts';

/** Products are read up before the first event is joined. */
export function createEnrichment(config: Config, context: ServiceContext): Service {
  const streams = createStreams(config, context);
  const versions = createProductVersions();
  createEnrichmentMetrics(context.metrics, versions);
  const { PRODUCTS_TOPIC_PREFIX: topicPrefix } = config;
  const table = streams.createTable({
    topic: 'ecom.products.v1',
    ...(topicPrefix !== undefined && { topicPrefix }),
    apply: ({ key, value, timestamp }) => versions.put(toProductKey(key, value), value, timestamp),
  });
  const stage = streams.createRecordStage(createEnrichmentStage(versions, table.readUpTo), {
    outputs: ['ecom.events-enriched.v1'],
  });
  return {
    ...inOrder([streams.admin, table, stage]),
    ready: () => toReadiness({ products: table.ready(), stage: stage.ready() }),
    live: () => stage.live(),
    ended: stage.ended,
  };
}
