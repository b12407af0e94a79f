// One message a test and level: what is due is what a test's level and its last message differ in, so nothing is queued and nothing is
// said twice. While the webhook fails, tests go on; what came and went in the meantime is not told.
import { type Logger, messageOf } from '@shopstream/platform';
import type { Webhook } from './adapters/slack-webhook.ts';
import type { Notice } from './domain/board.ts';
import { toMessage } from './domain/message.ts';
import type { QualityMetrics } from './metrics.ts';

export interface MessengerDeps {
  webhook: Webhook;
  /** Asked before each message. */
  due: () => readonly Notice[];
  /** Called when people have been told. */
  told: (notice: Notice) => Promise<void>;
  metrics: QualityMetrics;
  logger: Logger;
}

export interface Messenger {
  /** Sends what is due, unless it is at it already. */
  wake(): void;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
}

export function createMessenger({ webhook, due, told, metrics, logger }: MessengerDeps): Messenger {
  let running: Promise<void> | null = null;

  async function sendAll(): Promise<void> {
    for (let next = due()[0]; next !== undefined; next = due()[0]) {
      try {
        await webhook.post(toMessage(next));
      } catch (error) {
        logger.warn({ test: next.test, reason: messageOf(error) }, 'message not delivered');
        return;
      }
      metrics.messages.inc({ result: 'sent' });
      await told(next);
    }
  }

  return {
    wake() {
      running ??= sendAll().finally(() => (running = null));
    },
    idle: async () => running ?? undefined,
  };
}
