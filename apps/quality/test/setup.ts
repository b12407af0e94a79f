import { type TopicName, topicNames } from '@shopstream/contracts';
import { Registry, createLogger } from '@shopstream/platform';
import { type Output, type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import { type ServiceProcess, startServiceProcess, testSettings, uniqueName } from '@shopstream/testkit';
import { sendBytes } from '@shopstream/testkit-streams';
import { z } from 'zod';
import { type WebhookServer, startWebhook } from './webhook.ts';

export interface Platform {
  streams: Streams;
  webhook: WebhookServer;
  /** Starts a service over the topics of this platform, as a process of its own. */
  start(app: 'quality' | 'enrichment'): Promise<ServiceProcess>;
  send(...outputs: Output[]): Promise<void>;
  /** Writes values as a stranger could. */
  sendBytes(topic: TopicName, values: readonly (string | Buffer)[]): Promise<void>;
  /** Looks that a running quality service has finished. */
  looksOf(service: ServiceProcess): Promise<number>;
  /** What a test measured last. */
  valueOf(service: ServiceProcess, test: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Topics of one's own, a webhook, and services to start over them.
 * @param settings of the services, beside those of the test servers
 */
export async function freshPlatform(settings: Record<string, string> = {}): Promise<Platform> {
  const webhook = await startWebhook();
  const env = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: `${uniqueName('quality')}.`,
    LOG_LEVEL: 'info',
    CHECK_INTERVAL_MS: '500',
    RECOVERY_MS: '2000',
    SLACK_WEBHOOK: webhook.url,
    ...settings,
  };
  const streams = createStreams(z.object(kafkaConfigShape).parse(env), {
    name: 'quality-test',
    logger: createLogger({ name: 'quality-test', level: 'silent' }),
    metrics: new Registry(),
  });
  await streams.registerSchemas();
  await streams.admin.createTopics(topicNames, { partitions: 2 });
  const producer = streams.createProducer({
    topics: ['ecom.events-clean.v1', 'ecom.user-sessions.v1', 'ecom.clickstream.v1'],
  });
  await producer.start();
  const running: ServiceProcess[] = [];
  return {
    streams,
    webhook,
    async start(app) {
      const service = await startServiceProcess({ app, env });
      running.push(service);
      return service;
    },
    send: (...outputs) => producer.send(outputs),
    sendBytes: (topic, values) => sendBytes(env.KAFKA_TOPIC_PREFIX + topic, values),
    async looksOf(service) {
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      return Number(/^quality_looks_total\{.*result="done".*\} (\d+)/m.exec(metrics)?.[1] ?? 0);
    },
    async valueOf(service, test) {
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      const line = metrics.split('\n').find((each) => each.startsWith(`quality_test_value{test="${test}"`));
      return Number(line?.split(' ').at(-1) ?? NaN);
    },
    async close() {
      await Promise.all(running.map((service) => service.stop()));
      await producer.stop();
      await streams.admin.stop();
      await webhook.stop();
    },
  };
}
