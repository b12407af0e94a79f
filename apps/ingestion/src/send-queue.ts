// What comes while a send is under way shares the next one: no waiting for company, and no send per request.

export interface SendQueue<Row> {
  /** Resolves when the send that these rows were part of has; rejects with its error. */
  push(rows: readonly Row[]): Promise<void>;
  /** Rows that are not sent yet. */
  waiting(): number;
}

interface Pending<Row> {
  rows: readonly Row[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * @param options.maxRows of one send; more would make the first wait for the last
 * @param options.failsAll whether an error is one that whatever waits behind would meet too: it is rejected at once then
 */
export function createSendQueue<Row>(
  send: (rows: readonly Row[]) => Promise<void>,
  options: { maxRows: number; failsAll: (error: unknown) => boolean },
): SendQueue<Row> {
  const queue: Pending<Row>[] = [];
  let waiting = 0;
  let isSending = false;

  function takeBatch(): Pending<Row>[] {
    let rows = 0;
    const end = queue.findIndex((pending, index) => {
      rows += pending.rows.length;
      return index > 0 && rows > options.maxRows;
    });
    return queue.splice(0, end < 0 ? queue.length : end);
  }

  function settle(batch: readonly Pending<Row>[], act: (pending: Pending<Row>) => void): void {
    for (const pending of batch) {
      waiting -= pending.rows.length;
      act(pending);
    }
  }

  async function sendBatch(batch: readonly Pending<Row>[]): Promise<void> {
    try {
      await send(batch.flatMap((pending) => pending.rows));
      settle(batch, (pending) => pending.resolve());
    } catch (error) {
      settle(batch, (pending) => pending.reject(error));
      if (options.failsAll(error)) settle(queue.splice(0), (pending) => pending.reject(error));
    }
  }

  async function sendAll(): Promise<void> {
    if (isSending) return;
    isSending = true;
    while (queue.length > 0) await sendBatch(takeBatch());
    isSending = false;
  }

  return {
    waiting: () => waiting,
    push: (rows) =>
      new Promise<void>((resolve, reject) => {
        queue.push({ rows, resolve, reject });
        waiting += rows.length;
        void sendAll();
      }),
  };
}
