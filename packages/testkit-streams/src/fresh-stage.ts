import type { TopicName, TopicValue } from '@shopstream/contracts';
import { createLogger, Registry } from '@shopstream/platform';
import { createStreams, kafkaConfigShape, type Output, type Streams } from '@shopstream/streams';
import { type ServiceProcess, startServiceProcess, testSettings, uniqueName } from '@shopstream/testkit';
import { z } from 'zod';

export interface Stage {
  streams: Streams;
  /** Starts the service as a process of its own. */
  start(): Promise<ServiceProcess>;
  send(outputs: readonly Output[]): Promise<void>;
  rows<T extends TopicName>(topic: T): Promise<TopicValue[T][]>;
  close(): Promise<void>;
}

/**
 * Topics of one's own, and the service to run over them.
 * @param app the folder in `apps/`
 */
export async function freshStage(
  app: string,
  { topics, settings }: { topics: readonly TopicName[]; settings?: object },
): Promise<Stage> {
  const env = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: `${uniqueName(app)}.`,
    LOG_LEVEL: 'warn',
    ...settings,
  };
  const streams = createStreams(z.object(kafkaConfigShape).parse(env), {
    name: `${app}-test`,
    logger: createLogger({ name: `${app}-test`, level: 'silent' }),
    metrics: new Registry(),
  });
  await streams.registerSchemas();
  await streams.admin.createTopics(topics, { partitions: 2 });
  const running: ServiceProcess[] = [];
  return {
    streams,
    async start() {
      const service = await startServiceProcess({ app, env });
      running.push(service);
      return service;
    },
    async send(outputs) {
      const producer = streams.createProducer({ topics: [...new Set(outputs.map(({ topic }) => topic))] });
      await producer.start();
      await producer.send(outputs);
      await producer.stop();
    },
    async rows(topic) {
      const rows: TopicValue[typeof topic][] = [];
      await streams.readLog({ topic, from: 'beginning', until: 'now' }, ({ value }) => {
        if (value instanceof Error) throw value;
        if (value !== null) rows.push(value);
      });
      return rows;
    },
    async close() {
      await Promise.all(running.map((service) => service.stop()));
      await streams.admin.stop();
    },
  };
}
