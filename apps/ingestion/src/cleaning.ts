import type { Logger } from '@shopstream/platform';
import type { Redis } from '@shopstream/stores';
import type { RunnableStage, Streams } from '@shopstream/streams';
import { createPassedEvents } from './adapters/passed-events.ts';
import { createRedisClaims } from './adapters/redis-claims.ts';
import { createClaimKeeper } from './claim-keeper.ts';
import { CLEANING, createCleaningStage } from './handle-clickstream.ts';
import type { IngestionMetrics } from './metrics.ts';
import { makeClaimsWhole } from './rebuild-claims.ts';

interface CleaningDeps {
  redis: Redis;
  streams: Streams;
  logger: Logger;
  metrics: IngestionMetrics;
}

/** The cleaning stage with its claims. It waits for Redis as long as it takes, which is no reason to restart it. */
export function createCleaning({ redis, streams, logger, metrics }: CleaningDeps): RunnableStage {
  const claims = createRedisClaims(redis);
  const passed = createPassedEvents(streams, CLEANING);
  const keeper = createClaimKeeper({
    claims,
    makeWhole: (options) => makeClaimsWhole({ claims, passed, logger, metrics }, options),
    logger,
    metrics,
  });
  const stage = streams.createRecordStage(createCleaningStage({ claims: keeper, metrics }), {
    outputs: ['ecom.events-clean.v1', 'ecom.signals.v1', 'ecom.dead-letter.v1'],
  });
  const isWaiting = (): boolean => keeper.ready() !== 'ok';
  return {
    name: stage.name,
    ended: stage.ended,
    async start() {
      // Before the stage owns anything: the fence of a rebuild would make its first commits fail.
      await keeper.prepare();
      await stage.start();
    },
    async stop() {
      keeper.abandon();
      await stage.stop();
    },
    ready: () => (isWaiting() ? keeper.ready() : stage.ready()),
    live: () => isWaiting() || stage.live(),
  };
}
