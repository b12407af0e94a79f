import type { TopicName } from '@shopstream/contracts';
import type { Streams } from '@shopstream/streams';
import { toJsonRow } from '../domain/json-row.ts';

/** The row in a topic's bytes as JSON, read by the schema it was written with. @throws when they cannot be decoded */
export function decodeRow(streams: Streams) {
  return async (topic: TopicName, bytes: Buffer): Promise<Record<string, unknown>> =>
    toJsonRow(topic, await streams.decode(topic, bytes)) as Record<string, unknown>;
}
