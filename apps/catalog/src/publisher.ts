// A row is removed only after Kafka has acknowledged it: a crash in between sends it again, none is lost.
import { messageOf, ServiceError } from '@shopstream/platform';
import type { Logger, Resource } from '@shopstream/platform';
import type { EventProducer } from '@shopstream/streams';
import type { Outbox, OutboxSession } from './domain/outbox.ts';
import type { CatalogMetrics } from './metrics.ts';
import { createWaker } from './waker.ts';

interface PublisherDeps {
  outbox: Outbox;
  producer: Pick<EventProducer, 'send'>;
  metrics: CatalogMetrics;
  logger: Logger;
}

export interface Publisher extends Resource {
  /** `ok`, or why rows do not get out. */
  ready(): string;
  live(): boolean;
}

const batchRows = 500;
/** Finds rows whose notification was missed, and an orphaned lock. */
const pollMs = 1_000;
const maxBackoffMs = 5_000;
/** Longer than every timeout within one round together. */
const stuckAfterMs = 60_000;

export function createPublisher(deps: PublisherDeps): Publisher {
  const waker = createWaker();
  let session: OutboxSession | null = null;
  let running = Promise.resolve();
  let isStopping = false;
  let failures = 0;
  let problem = 'ok';
  let lastRoundAt = Date.now();

  function closeSession(): void {
    session?.close();
    session = null;
  }

  async function round(): Promise<void> {
    lastRoundAt = Date.now();
    try {
      session ??= await deps.outbox.open(waker.wake);
      while (session && !isStopping && (await publishSome(session, deps))) lastRoundAt = Date.now();
      failures = 0;
      problem = 'ok';
    } catch (error) {
      if (!(error instanceof ServiceError && error.retriable)) throw error;
      failures += 1;
      problem = messageOf(error);
      deps.logger.warn({ err: error, failures }, 'publishing failed');
      closeSession();
    }
  }

  async function run(): Promise<void> {
    while (!isStopping) {
      await round();
      // A stop during the round is remembered and ends this at once.
      await waker.wait(failures === 0 ? pollMs : Math.min(100 * 2 ** failures, maxBackoffMs));
    }
  }

  return {
    name: 'publisher',
    async start() {
      // Not awaited: what it throws is a bug or a refused statement, and ends the process as an uncaught error.
      running = run();
    },
    async stop() {
      isStopping = true;
      waker.wake();
      await running.finally(closeSession);
    },
    ready: () => problem,
    live: () => Date.now() - lastRoundAt < stuckAfterMs,
  };
}

/** False when nothing was left to publish. */
async function publishSome(session: OutboxSession, { producer, metrics }: PublisherDeps): Promise<boolean> {
  const rows = await session.read(batchRows);
  metrics.pendingSince(rows[0]?.createdAt ?? null);
  if (rows.length === 0) return false;
  await producer.send(rows.map(({ topic, payload }) => ({ topic, value: payload })));
  await session.remove(rows);
  metrics.published(rows);
  return true;
}
