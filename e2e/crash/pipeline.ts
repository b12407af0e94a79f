import { type TopicName, topicNames } from '@shopstream/contracts';
import { createLogger, createMetrics } from '@shopstream/platform';
import { type LogRecord, type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import { eventually, uniqueName } from '@shopstream/testkit';
import { z } from 'zod';
import { type Instance, startInstance } from './instance.ts';
import { productVersions } from './shop.ts';

/** The services of the main flow with their stages. */
export const stagesOf = {
  ingestion: ['cleaning'],
  enrichment: ['enrichment'],
  sessionizer: ['sessionizer'],
  popularity: ['popularity-split', 'popularity'],
} as const;
export type StageService = keyof typeof stagesOf;
export const stageServices = Object.keys(stagesOf) as StageService[];

const READY_TIMEOUT_MS = 300_000;

export interface PipelineOptions {
  /** Where the servers are: what every service finds in its environment. */
  connection: object;
  partitions: number;
  /** Other builds than the checkout's. */
  builds?: Partial<Record<StageService, string>>;
}

/** The services of the main flow over topics of their own, each in as many instances as it is told to. */
export class Pipeline {
  readonly partitions: number;
  readonly prefix: string;
  readonly streams: Streams;
  readonly #builds: PipelineOptions['builds'];
  readonly #env: Record<string, string>;
  readonly #instances = new Map<StageService, Instance[]>(stageServices.map((service) => [service, []]));
  readonly #gone: Instance[] = [];
  readonly #killAll = (): void => {
    for (const instance of this.instances()) instance.signal('SIGKILL');
  };

  constructor({ connection, partitions, builds }: PipelineOptions) {
    this.partitions = partitions;
    this.prefix = `${uniqueName('crash')}.`;
    this.#builds = builds;
    this.#env = {
      KAFKA_TOPIC_PREFIX: this.prefix,
      REDIS_KEY_PREFIX: this.prefix,
      LOG_LEVEL: 'warn',
      ...(connection as Record<string, string>),
    };
    this.streams = this.#createStreams();
    // No service outlives the test, however that ends.
    process.once('exit', this.#killAll);
  }

  /** Topics, schemas and the catalogue. */
  async prepare(): Promise<void> {
    await this.streams.registerSchemas();
    await this.streams.admin.createTopics(topicNames, { partitions: this.partitions });
    const producer = this.streams.createProducer({ topics: ['ecom.products.v1'] });
    await producer.start();
    await producer.send(productVersions().map((value) => ({ topic: 'ecom.products.v1', value })));
    await producer.stop();
  }

  /** Starts instances of a service, or stops the newest, until there are so many. */
  async scale(service: StageService, count: number): Promise<void> {
    const instances = this.#instances.get(service) ?? [];
    const file = this.#builds?.[service];
    while (instances.length < count) {
      const build = file === undefined ? {} : { file };
      instances.push(await startInstance({ service, env: this.#env, ...build }));
    }
    const gone = instances.splice(count);
    this.#gone.push(...gone);
    await Promise.all(gone.map((instance) => instance.stop()));
  }

  /** Resolves when all are ready. */
  async scaleAll(counts: Readonly<Record<StageService, number>>): Promise<void> {
    await Promise.all(stageServices.map((service) => this.scale(service, counts[service])));
    await eventually(
      async () => {
        if (!(await this.areReady()))
          throw new Error(`not ready: ${this.endings().at(-1) ?? 'no word of why'}`);
      },
      { deadlineMs: READY_TIMEOUT_MS, intervalMs: 200 },
    );
  }

  instances(service?: StageService): Instance[] {
    return service === undefined
      ? [...this.#instances.values()].flat()
      : (this.#instances.get(service) ?? []);
  }

  collectorUrls(): string[] {
    return this.instances('ingestion').map(({ url }) => url);
  }

  /** Processes that ended without being told to. */
  endings(): string[] {
    return [...this.#gone, ...this.instances()].flatMap(({ endings }) => endings);
  }

  async areReady(): Promise<boolean> {
    const ready = await Promise.all(this.instances().map((instance) => instance.isReady()));
    return ready.every(Boolean);
  }

  /** Every record of a topic up to its end now, read committed; an unreadable one is an error. */
  async read<T extends TopicName>(
    topic: T,
    onRow: (row: LogRecord<T> & { value: Exclude<LogRecord<T>['value'], Error | null> }) => void,
  ): Promise<void> {
    await this.streams.readLog({ topic, from: 'beginning', until: 'now' }, (record) => {
      const { value } = record;
      if (value instanceof Error) throw value;
      if (value !== null) onRow({ ...record, value: value as never });
    });
  }

  async remove(): Promise<void> {
    await Promise.all(stageServices.map((service) => this.scale(service, 0)));
    process.off('exit', this.#killAll);
    await this.streams.admin.stop();
  }

  #createStreams(): Streams {
    return createStreams(z.object(kafkaConfigShape).parse(this.#env), {
      name: 'crash',
      logger: createLogger({ name: 'crash', level: 'silent' }),
      metrics: createMetrics('crash'),
    });
  }
}
