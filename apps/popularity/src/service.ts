import { type Service, type ServiceContext, inOrder, toReadiness } from '@shopstream/platform';
import { createStreams } from '@shopstream/streams';
import type { Config } from './config.ts';
import { createPopularityAggregate } from './domain/popularity-aggregate.ts';

export function createPopularity(config: Config, context: ServiceContext): Service {
  const streams = createStreams(config, context);
  const [split, merge] = streams.createTwoStepStage(createPopularityAggregate(config.OUT_OF_ORDERNESS_MS), {
    interimMs: config.INTERIM_MS,
    idleMs: config.IDLE_MS,
    maxOpenWindows: config.MAX_OPEN_WINDOWS,
  });
  return {
    ...inOrder([streams.admin, merge, split]),
    ready: () => toReadiness({ split: split.ready(), merge: merge.ready() }),
    live: () => split.live() && merge.live(),
    ended: split.ended && Promise.all([split.ended, merge.ended]),
  };
}
