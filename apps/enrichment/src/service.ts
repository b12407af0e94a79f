import { type Service, type ServiceContext, inOrder, toReadiness } from '@shopstream/platform';
import { createStreams } from '@shopstream/streams';
import type { Config } from './config.ts';
import { createEnrichmentStage } from './domain/enrich.ts';
import { createProductVersions } from './domain/product-versions.ts';

/** Products are read up before the first event is joined. */
export function createEnrichment(config: Config, context: ServiceContext): Service {
  const streams = createStreams(config, context);
  const versions = createProductVersions();
  const table = streams.createTable({ topic: 'ecom.products.v1', apply: ({ value }) => versions.put(value) });
  const stage = streams.createRecordStage(createEnrichmentStage(versions), {
    outputs: ['ecom.events-enriched.v1'],
  });
  return {
    ...inOrder([streams.admin, table, stage]),
    ready: () => toReadiness({ products: table.ready(), stage: stage.ready() }),
    live: () => stage.live(),
  };
}
