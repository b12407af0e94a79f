import { type TopicName, topicNames, topics } from '@shopstream/contracts';
import type { Admin } from 'kafkajs';
import type { Resource } from '@shopstream/platform';
import { StreamError } from './errors.ts';
import type { EndOffsets } from './log-place.ts';
import type { Names } from './kafka.ts';
import type { LogOffsets } from './log-reader.ts';
import { MAX_ATTEMPTS, pauseMs } from './retry.ts';
import { toTopicConfig } from './topic-config.ts';

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

export interface CreateTopicsOptions {
  /** Those of the contract by default. */
  partitions?: number | ((topic: TopicName) => number);
}

/** Connects at its first use. */
export interface StreamsAdmin extends Resource {
  /** Creates the topics that are missing, as the contracts declare them. Answers the names of those created. */
  createTopics(names?: readonly TopicName[], options?: CreateTopicsOptions): Promise<TopicName[]>;
  /**
   * Deletes every topic and group under the prefix, whatever they are. Answers how many topics there were.
   * @throws Error where there is no prefix, or where somebody is a member of one of the groups for half a minute
   */
  removeAll(): Promise<number>;
  describeTopics(): Promise<TopicStatus[]>;
  endOffsets(topic: TopicName): Promise<EndOffsets>;
  /** The first offset of each partition appended at that time or later; its end where there is none. */
  offsetsAt(topic: TopicName, timeMs: number): Promise<Map<number, bigint>>;
  /** Where a group stands in a topic; partitions that it has never committed are left out. */
  committed(group: string, topic: TopicName): Promise<Map<number, bigint>>;
  /** Lag of every group of the platform. */
  lag(): Promise<GroupLag[]>;
  /** The cluster's id; any answer shows that the broker works. */
  clusterId(): Promise<string>;
}

/** Groups of table and changelog readers never commit and have no lag. */
const READER_GROUP = /-(restore|table|reader)-[0-9a-f-]{36}$/;

/** Questions to the cluster, over one connection that is made when the first is asked. */
export class KafkaAdmin implements StreamsAdmin, LogOffsets {
  readonly name = 'Kafka admin';
  readonly #createClient: () => Admin;
  readonly #names: Names;
  #connected: Promise<Admin> | null = null;

  constructor(createClient: () => Admin, names: Names) {
    this.#createClient = createClient;
    this.#names = names;
  }

  async start(): Promise<void> {
    // Connected when needed.
  }

  async stop(): Promise<void> {
    await (await this.#connected?.catch(() => null))?.disconnect();
    this.#connected = null;
  }

  async createTopics(wanted = topicNames, options: CreateTopicsOptions = {}): Promise<TopicName[]> {
    const { partitions } = options;
    const present = await this.#existing();
    const missing = wanted.filter((topic) => !present.has(this.#names.topic(topic)));
    if (missing.length > 0) {
      const requests = missing.map((topic) =>
        toTopicConfig(
          topic,
          this.#names.topic(topic),
          typeof partitions === 'function' ? partitions(topic) : partitions,
        ),
      );
      await (await this.#client()).createTopics({ topics: requests, waitForLeaders: false });
      await Promise.all(missing.map((topic) => this.endOffsets(topic)));
      // The first group of a cluster makes it create its topic of offsets: the services should not have to wait for that.
      const client = await this.#client();
      await retrying(() => client.fetchOffsets({ groupId: this.#names.id('provision') }));
    }
    return missing;
  }

  async removeAll(): Promise<number> {
    const prefix = this.#names.id('');
    if (prefix === '') throw new Error('without a prefix everything on the cluster would be removed');
    const client = await this.#client();
    const topics = [...(await this.#existing())].filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await retrying(() => client.deleteTopics({ topics }));
    await retrying(async () => {
      const { groups } = await client.listGroups();
      const ours = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix));
      if (ours.length > 0) await client.deleteGroups(ours).catch(asRetriable);
    });
    // kafkajs goes on asking for topics that it has seen, and fails for those that are gone.
    await this.stop();
    return topics.length;
  }

  async describeTopics(): Promise<TopicStatus[]> {
    const present = await this.#existing();
    return Promise.all(
      topicNames.map(async (topic) => {
        const declaredPartitions = topics[topic].partitions;
        if (!present.has(this.#names.topic(topic)))
          return { topic, exists: false, declaredPartitions, partitions: 0, offsets: 0n };
        const ends = [...(await this.endOffsets(topic)).values()];
        const offsets = ends.reduce((sum, { low, high }) => sum + high - low, 0n);
        return { topic, exists: true, declaredPartitions, partitions: ends.length, offsets };
      }),
    );
  }

  endOffsets(topic: TopicName): Promise<EndOffsets> {
    return this.ends(this.#names.topic(topic));
  }

  offsetsAt(topic: TopicName, timeMs: number): Promise<Map<number, bigint>> {
    return this.at(this.#names.topic(topic), timeMs);
  }

  async committed(group: string, topic: TopicName): Promise<Map<number, bigint>> {
    const client = await this.#client();
    const request = { groupId: this.#names.id(group), topics: [this.#names.topic(topic)] };
    const [answer] = await retrying(() => client.fetchOffsets(request));
    const known = answer?.partitions.filter(({ offset }) => offset !== '-1') ?? [];
    return new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)]));
  }

  async ends(physicalTopic: string): Promise<EndOffsets> {
    const client = await this.#client();
    const offsets = await retrying(() => client.fetchTopicOffsets(physicalTopic));
    return new Map(
      offsets.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]),
    );
  }

  async at(physicalTopic: string, timeMs: number): Promise<Map<number, bigint>> {
    const client = await this.#client();
    const offsets = await retrying(() => client.fetchTopicOffsetsByTimestamp(physicalTopic, timeMs));
    return new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)]));
  }

  async lag(): Promise<GroupLag[]> {
    const { groups } = await (await this.#client()).listGroups();
    const prefix = this.#names.id('');
    const ours = groups
      .map(({ groupId }) => groupId)
      .filter((id) => id.startsWith(prefix) && !READER_GROUP.test(id));
    const present = await this.#existing();
    const perGroup = await Promise.all(ours.map((group) => this.#lagOf(group, present)));
    return perGroup.flat().sort((a, b) => a.group.localeCompare(b.group) || a.partition - b.partition);
  }

  async clusterId(): Promise<string> {
    return (await (await this.#client()).describeCluster()).clusterId;
  }

  async #lagOf(group: string, present: ReadonlySet<string>): Promise<GroupLag[]> {
    const committed = await (await this.#client()).fetchOffsets({ groupId: group });
    const known = committed.filter(({ topic }) => present.has(topic) && this.#names.logical(topic) in topics);
    const perTopic = known.map(async ({ topic, partitions }) => {
      const name = this.#names.logical(topic);
      const ends = await this.endOffsets(name);
      return partitions.map(({ partition, offset }) =>
        toLag({ group, topic: name, partition, offset }, ends),
      );
    });
    return (await Promise.all(perTopic)).flat();
  }

  async #existing(): Promise<Set<string>> {
    const client = await this.#client();
    return new Set(await retrying(() => client.listTopics()));
  }

  #client(): Promise<Admin> {
    this.#connected ??= this.#connect().catch((error: unknown) => {
      this.#connected = null;
      throw error;
    });
    return this.#connected;
  }

  async #connect(): Promise<Admin> {
    const client = this.#createClient();
    await client.connect();
    return client;
  }
}

/**
 * kafkajs does not itself try again, or not for long, where a partition is not known or has no leader yet, as just after
 * its creation. A list of topics fails because of any topic of the cluster.
 */
async function retrying<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isRetriable(error)) throw error;
      await pauseMs(attempt);
    }
  }
}

/** Members that are gone are not missed at once. */
function asRetriable(cause: unknown): never {
  throw new StreamError('KAFKA_UNAVAILABLE', 'groups could not be deleted', { retriable: true, cause });
}

/** Where kafkajs has tried often enough for itself, the cause says whether it is worth while. */
const isRetriable = (error: unknown): boolean =>
  error instanceof Error && (('retriable' in error && error.retriable === true) || isRetriable(error.cause));

function toLag(
  { offset, ...at }: { group: string; topic: TopicName; partition: number; offset: string },
  ends: EndOffsets,
): GroupLag {
  const { low, high } = ends.get(at.partition) ?? { low: 0n, high: 0n };
  const committed = offset === '-1' ? null : BigInt(offset);
  return { ...at, committed, end: high, lag: high - (committed ?? low) };
}
