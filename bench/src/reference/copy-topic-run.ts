import { Kafka, logLevel } from 'kafkajs';
import { topics } from '@shopstream/contracts';
import { startChild } from '../platform/child.ts';
import type { Platform } from '../platform/platform.ts';
import { type StageResult, measureReading } from '../stages/measure-stage.ts';

const FROM = 'ecom.clickstream.v1';
const GROUP = 'bare-copy';

/** The reference for all stages: the same topic, read and written with nothing done in between. */
export async function copyTopic(platform: Platform, events: number): Promise<StageResult> {
  const { KAFKA_BROKERS: brokers = '', KAFKA_TOPIC_PREFIX: prefix = '' } = platform.env;
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const to = `${prefix}${GROUP}`;
  await admin.createTopics({
    topics: [{ topic: to, numPartitions: topics[FROM].partitions }],
    waitForLeaders: true,
  });
  await admin.disconnect();
  const script = 'bench/src/reference/copy-topic.ts';
  const args = ['--import', 'tsx', script, brokers, `${prefix}${GROUP}`, `${prefix}${FROM}`, to];
  const child = startChild('copy-topic', args, {});
  const result = await measureReading(platform, { start: () => child, groups: { [GROUP]: [FROM] }, events });
  await child.stop();
  return { what: 'bare copy of clickstream', ...result };
}
