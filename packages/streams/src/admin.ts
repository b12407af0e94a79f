import { type TopicName, topicNames, topics } from '@shopstream/contracts';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { Resource } from '@shopstream/platform';
import type { EndOffsets } from './log-reader.ts';
import type { Names } from './kafka.ts';

export interface TopicStatus {
  topic: TopicName;
  exists: boolean;
  /** As declared in the contract. */
  declaredPartitions: number;
  partitions: number;
  /** Offsets between beginning and end, transaction markers included. */
  offsets: bigint;
}

export interface GroupLag {
  group: string;
  topic: TopicName;
  partition: number;
  /** Null before the group's first commit. */
  committed: bigint | null;
  end: bigint;
  lag: bigint;
}

/** Connects at its first use. */
export interface StreamsAdmin extends Resource {
  /** Creates the topics that are missing, as the contracts declare them. Answers the names of those created. */
  createTopics(names?: readonly TopicName[], options?: { partitions?: number }): Promise<TopicName[]>;
  describeTopics(): Promise<TopicStatus[]>;
  endOffsets(topic: TopicName): Promise<EndOffsets>;
  /** Lag of every group of the platform. */
  lag(): Promise<GroupLag[]>;
  /** The cluster's id; any answer shows that the broker works. */
  clusterId(): Promise<string>;
}

/** Groups of table and changelog readers never commit and have no lag. */
const READER_GROUP = /-(restore|table|reader)-[0-9a-f-]{36}$/;

export function createStreamsAdmin(createAdmin: () => Admin, names: Names, prefix: string): StreamsAdmin {
  let connected: Promise<Admin> | null = null;

  function admin(): Promise<Admin> {
    connected ??= (async () => {
      const client = createAdmin();
      await client.connect();
      return client;
    })().catch((error: unknown) => {
      connected = null;
      throw error;
    });
    return connected;
  }

  async function endOffsets(topic: TopicName): Promise<EndOffsets> {
    const offsets = await (await admin()).fetchTopicOffsets(names.topic(topic));
    return new Map(
      offsets.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]),
    );
  }

  async function existing(): Promise<Set<string>> {
    return new Set(await (await admin()).listTopics());
  }

  async function createTopics(
    wanted = topicNames,
    options: { partitions?: number } = {},
  ): Promise<TopicName[]> {
    const present = await existing();
    const missing = wanted.filter((topic) => !present.has(names.topic(topic)));
    if (missing.length > 0) {
      const requests = missing.map((topic) => toTopicConfig(topic, names.topic(topic), options.partitions));
      await (await admin()).createTopics({ topics: requests, waitForLeaders: true });
    }
    return missing;
  }

  async function describeTopics(): Promise<TopicStatus[]> {
    const present = await existing();
    return Promise.all(
      topicNames.map(async (topic) => {
        const declaredPartitions = topics[topic].partitions;
        if (!present.has(names.topic(topic)))
          return { topic, exists: false, declaredPartitions, partitions: 0, offsets: 0n };
        const ends = [...(await endOffsets(topic)).values()];
        const offsets = ends.reduce((sum, { low, high }) => sum + high - low, 0n);
        return { topic, exists: true, declaredPartitions, partitions: ends.length, offsets };
      }),
    );
  }

  async function lag(): Promise<GroupLag[]> {
    const client = await admin();
    const { groups } = await client.listGroups();
    const ours = groups
      .map(({ groupId }) => groupId)
      .filter((id) => id.startsWith(prefix) && !READER_GROUP.test(id));
    const present = await existing();
    const perGroup = ours.map(async (group) => {
      const committed = await client.fetchOffsets({ groupId: group });
      const known = committed.filter(({ topic }) => present.has(topic) && names.logical(topic) in topics);
      return Promise.all(
        known.map(async ({ topic, partitions }) => {
          const ends = await endOffsets(names.logical(topic));
          return partitions.map(({ partition, offset }) =>
            toLag({ group, topic: names.logical(topic), partition, offset }, ends),
          );
        }),
      );
    });
    return (await Promise.all(perGroup))
      .flat(2)
      .sort((a, b) => a.group.localeCompare(b.group) || a.partition - b.partition);
  }

  return {
    name: 'Kafka admin',
    start: () => Promise.resolve(),
    createTopics,
    describeTopics,
    endOffsets,
    lag,
    clusterId: async () => (await (await admin()).describeCluster()).clusterId,
    async stop() {
      await (await connected?.catch(() => null))?.disconnect();
      connected = null;
    },
  };
}

function toLag(
  { offset, ...at }: { group: string; topic: TopicName; partition: number; offset: string },
  ends: EndOffsets,
): GroupLag {
  const { low, high } = ends.get(at.partition) ?? { low: 0n, high: 0n };
  const committed = offset === '-1' ? null : BigInt(offset);
  return { ...at, committed, end: high, lag: high - (committed ?? low) };
}

function toTopicConfig(topic: TopicName, physical: string, partitions?: number): ITopicConfig {
  const spec = topics[topic];
  const config =
    spec.cleanup === 'compact'
      ? {
          'cleanup.policy': 'compact',
          'min.compaction.lag.ms': spec.retentionMs,
          'min.cleanable.dirty.ratio': 0.2,
        }
      : { 'cleanup.policy': 'delete', 'retention.ms': spec.retentionMs };
  return {
    topic: physical,
    numPartitions: partitions ?? spec.partitions,
    replicationFactor: -1,
    configEntries: Object.entries(config).map(([name, value]) => ({ name, value: String(value) })),
  };
}
