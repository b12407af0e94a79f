import type { TopicName, TopicValue } from '@shopstream/contracts';

/** A row where it lies. */
export interface Found<T extends TopicName> {
  topic: T;
  partition: number;
  offset: bigint;
  /** Of its appending, epoch milliseconds. */
  timestamp: number;
  value: TopicValue[T];
}

export type CleanedRow = Found<'ecom.events-clean.v1'> | Found<'ecom.signals.v1'>;

/** A window's row: the first one that counts the event, and the newest. */
export interface WindowTrace<T extends 'ecom.user-sessions.v1' | 'ecom.product-popularity.v1'> {
  first: Found<T>;
  newest: Found<T>;
}

/** What became of a record of clickstream. */
export interface Followed {
  cleaned: CleanedRow | undefined;
  enriched: Found<'ecom.events-enriched.v1'> | undefined;
  session: WindowTrace<'ecom.user-sessions.v1'> | undefined;
  popularity: WindowTrace<'ecom.product-popularity.v1'> | undefined;
  late: Found<'ecom.late.v1'>[];
}

export const coordinatesOf = ({
  topic,
  partition,
  offset,
}: Omit<Found<TopicName>, 'value' | 'timestamp'>): string => `${topic} ${partition}:${offset}`;
