import type { TopicName, TopicValue } from '@shopstream/contracts';
import type { Streams } from '@shopstream/streams';
import type { Found } from '../domain/trace/found.ts';

export interface Place {
  partition?: number | undefined;
  from: { timeMs: number } | { offsets: ReadonlyMap<number, bigint> };
}

export interface LogSearch {
  /** The first row that fits; ends as soon as it is found. */
  first<T extends TopicName>(
    topic: T,
    place: Place,
    fits: (row: TopicValue[T], at: Omit<Found<T>, 'value' | 'topic'>) => boolean,
  ): Promise<Found<T> | undefined>;
  /** All rows that fit, up to the end of the topic. */
  all<T extends TopicName>(
    topic: T,
    place: Place,
    fits: (row: TopicValue[T], at: Omit<Found<T>, 'value' | 'topic'>) => boolean,
  ): Promise<Found<T>[]>;
}

/** Looks for rows from a place on, in one partition or in all; rows that cannot be read fit nothing. */
export function createLogSearch({ readLog }: Streams, signal: AbortSignal): LogSearch {
  async function search<T extends TopicName>(
    topic: T,
    { partition, from }: Place,
    { fits, limit }: { fits: Parameters<LogSearch['all']>[2]; limit: number },
  ): Promise<Found<T>[]> {
    const found: Found<T>[] = [];
    const enough = new AbortController();
    const options = { topic, from, until: 'now', signal: AbortSignal.any([signal, enough.signal]) } as const;
    await readLog(partition === undefined ? options : { ...options, partition }, ({ value, ...at }) => {
      if (found.length >= limit || value === null || value instanceof Error || !fits(value, at)) return;
      found.push({ topic, ...at, value });
      if (found.length >= limit) enough.abort();
    });
    return found;
  }

  return {
    first: async (topic, place, fits) =>
      (await search(topic, place, { fits: fits as Parameters<LogSearch['all']>[2], limit: 1 }))[0],
    all: (topic, place, fits) =>
      search(topic, place, { fits: fits as Parameters<LogSearch['all']>[2], limit: Infinity }),
  };
}
