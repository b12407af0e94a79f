import { type TopicName, topicNames } from '@shopstream/contracts';

/** The topic of a name as people write it: whole, without its version, or without `ecom.` too. */
export function toTopicName(text: string): TopicName | undefined {
  return topicNames.find((topic) => [topic, topic.replace(/\.v\d+$/, ''), toShortName(topic)].includes(text));
}

export const toShortName = (topic: TopicName): string => topic.replace(/^ecom\./, '').replace(/\.v\d+$/, '');
