import type { Product } from '@shopstream/contracts';

/** A row that Kafka does not have yet. */
export interface OutboxRow {
  id: string;
  topic: 'ecom.products.v1';
  payload: Product;
  createdAt: number;
}

/** Where changes wait for Kafka. Throws a retriable ServiceError when it does not answer. */
export interface Outbox {
  /**
   * Makes the caller the only publisher, until the session is closed or lost. Null when there is another one.
   * @param onRows called when rows have been added, or the session was lost
   */
  open(onRows: () => void): Promise<OutboxSession | null>;
}

export interface OutboxSession {
  /** The oldest rows, those of one item in the order of its versions. */
  read(limit: number): Promise<OutboxRow[]>;
  remove(rows: readonly OutboxRow[]): Promise<void>;
  close(): void;
}
