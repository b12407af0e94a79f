import { describe, expect, it } from '@jest/globals';
import { schemas, topicNames, topics } from '@shopstream/contracts';
import { toTopicConfig } from './topic-config.ts';

const configOf = (topic: (typeof topicNames)[number]): Record<string, string> =>
  Object.fromEntries(
    toTopicConfig(topic, topic).configEntries?.map(({ name, value }) => [name, value]) ?? [],
  );

describe('topics', () => {
  it.each(topicNames)('%s is created as its contract says', (topic) => {
    const spec = topics[topic];
    expect(schemas[spec.schema]).toBeDefined();
    expect(spec.owner).not.toBe('');
    expect(toTopicConfig(topic, topic).numPartitions).toBe(spec.partitions);
    const retention = spec.cleanup === 'delete' ? 'retention.ms' : 'min.compaction.lag.ms';
    expect(configOf(topic)).toMatchObject({
      'cleanup.policy': spec.cleanup,
      [retention]: String(spec.retentionMs),
    });
  });

  it('take small segments where they are compacted, and large states where state is kept', () => {
    expect(configOf('ecom.sessionizer-changelog.v1')).toMatchObject({
      'segment.bytes': '33554432',
      'max.message.bytes': '16777216',
    });
    expect(configOf('ecom.products.v1')).not.toHaveProperty('max.message.bytes');
  });
});
