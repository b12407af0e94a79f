import { type TopicName, topics } from '@shopstream/contracts';
import type { Streams } from '@shopstream/streams';

/** Creates topics with as many partitions as the platform's own have, so that rows lie in them alike. Answers those created. */
export async function createLike(
  live: Streams,
  own: Streams,
  names: readonly TopicName[],
): Promise<TopicName[]> {
  const status = await live.admin.describeTopics();
  const counts = new Map(status.map(({ topic, partitions }) => [topic, partitions]));
  return own.admin.createTopics(names, {
    partitions: (topic) => counts.get(topic) || topics[topic].partitions,
  });
}
