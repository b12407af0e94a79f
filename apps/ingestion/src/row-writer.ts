import { ApiError, ServiceError } from '@shopstream/platform';
import type { EventProducer, Output } from '@shopstream/streams';
import type { IngestionMetrics } from './metrics.ts';
import { createSendQueue } from './send-queue.ts';

export interface RowWriter {
  /**
   * Resolves when Kafka has acknowledged all rows.
   * @throws ApiError SERVICE_UNAVAILABLE when it has not in time, or when too many rows are waiting already
   */
  write(rows: readonly Output[]): Promise<void>;
}

const MAX_ROWS_PER_SEND = 5_000;

export function createRowWriter(
  producer: Pick<EventProducer, 'send'>,
  options: { ackTimeoutMs: number; maxWaitingRows: number; metrics: IngestionMetrics },
): RowWriter {
  const { metrics } = options;
  async function send(rows: readonly Output[]): Promise<void> {
    metrics.rowsPerSend.observe(rows.length);
    await producer.send(rows, { timeoutMs: options.ackTimeoutMs });
  }
  const queue = createSendQueue(send, { maxRows: MAX_ROWS_PER_SEND, failsAll: isRetriable });

  return {
    async write(rows) {
      if (queue.waiting() > 0 && queue.waiting() + rows.length > options.maxWaitingRows) {
        metrics.unavailable.inc({ cause: 'queue_full' });
        throw unavailable('too many events are waiting for their acknowledgement');
      }
      try {
        const pushed = queue.push(rows);
        metrics.waitingRows.set(queue.waiting());
        await pushed;
      } catch (error) {
        if (!isRetriable(error)) throw error;
        metrics.unavailable.inc({ cause: 'kafka' });
        throw unavailable('events cannot be stored at the moment', error);
      } finally {
        metrics.waitingRows.set(queue.waiting());
      }
    },
  };
}

const isRetriable = (error: unknown): boolean => error instanceof ServiceError && error.retriable;

const unavailable = (reason: string, cause?: unknown): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', 'Service temporarily unavailable', {
    details: { reason },
    headers: { 'Retry-After': '1' },
    cause,
  });
