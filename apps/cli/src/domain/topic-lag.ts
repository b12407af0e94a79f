import type { TopicName } from '@shopstream/contracts';
import type { GroupLag } from '@shopstream/streams';

export interface TopicLag {
  group: string;
  topic: TopicName;
  committed: number;
  end: number;
  lag: number;
}

/** One line for each group and topic: sums over partitions. */
export function sumLag(partitions: readonly GroupLag[]): TopicLag[] {
  const lines = new Map<string, TopicLag>();
  for (const { group, topic, committed, end, lag } of partitions) {
    const key = `${group}\n${topic}`;
    const line = lines.get(key) ?? { group, topic, committed: 0, end: 0, lag: 0 };
    lines.set(key, {
      ...line,
      committed: line.committed + Number(committed ?? 0n),
      end: line.end + Number(end),
      lag: line.lag + Number(lag),
    });
  }
  return [...lines.values()];
}
