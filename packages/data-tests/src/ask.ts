import type { ConsumerGroup, TopicName } from '@shopstream/contracts';
import type { SpotReader, StreamsAdmin } from '@shopstream/streams';

/** What measuring needs of `packages/streams`. */
export interface Sources {
  admin: Pick<StreamsAdmin, 'endOffsets' | 'offsetsAt' | 'committed'>;
  reader: Pick<SpotReader, 'read'>;
  /** Longest that one reading waits for rows: those of a transaction that is still open do not come. */
  readTimeoutMs: number;
}

export type Ask = ReturnType<typeof askOnce>;
export type Reading = { ask: Ask } & Omit<Sources, 'admin'>;

/** Several tests ask the same. */
export function askOnce(admin: Sources['admin']) {
  const answers = new Map<string, Promise<unknown>>();
  function once<T>(key: string, request: () => Promise<T>): Promise<T> {
    const answer = (answers.get(key) as Promise<T> | undefined) ?? request();
    answers.set(key, answer);
    return answer;
  }
  return {
    ends: (topic: TopicName) => once(`ends ${topic}`, () => admin.endOffsets(topic)),
    at: (topic: TopicName, timeMs: number) =>
      once(`at ${topic} ${timeMs}`, () => admin.offsetsAt(topic, timeMs)),
    committed: (group: ConsumerGroup, topic: TopicName) =>
      once(`committed ${group} ${topic}`, () => admin.committed(group, topic)),
  };
}
