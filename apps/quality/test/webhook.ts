import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface WebhookServer {
  url: string;
  /** Titles and ids of messages that were taken, in their order: `ERROR events_schema/readable`. */
  taken(test?: string): string[];
  /** Texts of messages that were taken. */
  texts(): string[];
  /** What the next requests are answered with; those after them are taken. */
  answerWith(...statuses: number[]): void;
  refused(): number;
  stop(): Promise<void>;
}

/** A receiver of messages as Slack has one. */
export async function startWebhook(): Promise<WebhookServer> {
  const texts: string[] = [];
  let answers: number[] = [];
  let refused = 0;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = answers.shift() ?? 200;
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
    answerWith: (...statuses) => (answers = statuses),
    refused: () => refused,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
