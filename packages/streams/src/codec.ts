import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import type { TopicName, TopicValue } from '@shopstream/contracts';
import { avroOptions } from './avro-types.ts';
import { RowReader, WriterSchemas } from './row-reader.ts';
import { RowWriter } from './row-writer.ts';

export interface Codec {
  /** Looks up the ids of the schemas that rows of these topics are written with. To be called before `encode`. */
  prepare(names: readonly TopicName[]): Promise<void>;
  /** Bytes of a row: magic byte, schema id, Avro. @throws Error naming the field that does not fit the schema */
  encode<T extends TopicName>(topic: T, value: TopicValue[T]): Buffer;
  /** Makes sure that the writers' schemas of these messages are known, so that `decode` needs no request. */
  learn(topic: TopicName, messages: readonly (Buffer | null)[]): Promise<void>;
  /** The row in bytes, read by our own schema. @throws StreamError `UNDECODABLE` */
  decode<T extends TopicName>(topic: T, bytes: Buffer | null): TopicValue[T];
  /** Reads many rows of one topic; with `columns` only those, which costs a third of all. */
  reader<T extends TopicName>(topic: T, columns?: readonly string[]): RowReader<T>;
}

/** A codec over a registry with Confluent's API at `url`. Subjects follow the topic's logical name, without prefix. */
export function createCodec(url: string): Codec {
  const registry = new SchemaRegistry(
    { host: url, retry: { retries: 3, initialRetryTimeInSecs: 0.05 } },
    { [SchemaType.AVRO]: { ...avroOptions } },
  );
  const writer = new RowWriter(registry);
  const writers = new WriterSchemas(registry);
  const readers = new Map<TopicName, RowReader<TopicName>>();

  function readerOf<T extends TopicName>(topic: T): RowReader<T> {
    const reader = readers.get(topic) ?? new RowReader<TopicName>(topic, { writers });
    readers.set(topic, reader);
    return reader as RowReader<T>;
  }
  return {
    prepare: (names) => writer.prepare(names),
    encode: (topic, value) => writer.encode(topic, value),
    learn: (topic, messages) => readerOf(topic).learn(messages),
    decode: (topic, bytes) => readerOf(topic).decode(bytes),
    reader: (topic, columns) =>
      columns === undefined ? readerOf(topic) : new RowReader(topic, { columns, writers }),
  };
}
