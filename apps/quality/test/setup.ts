import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TopicName, topicNames } from '@shopstream/contracts';
import { Registry, createLogger } from '@shopstream/platform';
import { type Output, type Streams, createStreams, kafkaConfigShape } from '@shopstream/streams';
import { type ServiceProcess, startServiceProcess, testSettings, uniqueName } from '@shopstream/testkit';
import { sendBytes } from '@shopstream/testkit-streams';
import { z } from 'zod';

export interface WebhookServer {
  url: string;
  /** Titles and ids of messages that were taken, in their order: `ERROR events_schema/readable`. */
  taken(test?: string): string[];
  /** Texts of messages that were taken. */
  texts(): string[];
  /** What every request is answered with from now on; 200 takes the message. */
  answerWith(status: number): void;
  refused(): number;
  stop(): Promise<void>;
}

/** A receiver of messages as Slack has one. */
export async function startWebhook(): Promise<WebhookServer> {
  const texts: string[] = [];
  let status = 200;
  let refused = 0;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = status;
      if (answer === 200) texts.push((JSON.parse(body) as { text: string }).text);
      else refused += 1;
      response.writeHead(answer).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    taken: (test) =>
      texts
        .map((message) => /^\*(\w+)\* (\S+) of /.exec(message)?.slice(1).join(' ') ?? message)
        .filter((line) => test === undefined || line.endsWith(` ${test}`)),
    texts: () => texts,
    answerWith: (next) => (status = next),
    refused: () => refused,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

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
  close(): Promise<void>;
}

/** Topics of one's own, a webhook, and services to start over them. */
export async function freshPlatform(): Promise<Platform> {
  const webhook = await startWebhook();
  const env = {
    ...testSettings(),
    KAFKA_TOPIC_PREFIX: `${uniqueName('quality')}.`,
    LOG_LEVEL: 'info',
    CHECK_INTERVAL_MS: '500',
    RECOVERY_MS: '2000',
    SLACK_WEBHOOK: webhook.url,
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
    async close() {
      await Promise.all(running.map((service) => service.stop()));
      await producer.stop();
      await streams.admin.stop();
      await webhook.stop();
    },
  };
}
