import { type Service, type ServiceContext, inOrder, toReadiness } from '@shopstream/platform';
import { createStreams } from '@shopstream/streams';
import type { Config } from './config.ts';
import { createSessionAggregate } from './domain/session-aggregate.ts';

export function createSessionizer(config: Config, context: ServiceContext): Service {
  const streams = createStreams(config, context);
  const stage = streams.createWindowedStage(createSessionAggregate(config.OUT_OF_ORDERNESS_MS), {
    interimMs: config.INTERIM_MS,
    idleMs: config.IDLE_MS,
    maxOpenWindows: config.MAX_OPEN_WINDOWS,
  });
  return {
    ...inOrder([streams.admin, stage]),
    ready: () => toReadiness({ stage: stage.ready() }),
    live: () => stage.live(),
    ended: stage.ended,
  };
}
