import type { ConsumerGroup, TopicName } from '@shopstream/contracts';
import type { Streams } from '@shopstream/streams';

/** Where groups stand: the first offset of a partition that a group has not read. */
export interface Positions {
  of(group: ConsumerGroup, topic: TopicName): ReadonlyMap<number, bigint>;
}

/** Positions as committed; a stage may be a little further. */
export async function readPositions({ admin }: Streams, prefix: string): Promise<Positions> {
  const lags = await admin.lag();
  return {
    of: (group, topic) =>
      new Map(
        lags.flatMap((lag) =>
          lag.group === `${prefix}${group}` && lag.topic === topic && lag.committed !== null
            ? [[lag.partition, lag.committed] as const]
            : [],
        ),
      ),
  };
}
