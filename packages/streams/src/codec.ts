// Types and resolvers are cached by schema id: looking a schema up costs a request, building a resolver 100 times a decode.
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { type TopicName, type TopicValue, schemas, subjectOf, topics } from '@shopstream/contracts';
import { messageOf } from '@shopstream/platform';
import avro from 'avsc';
import { DecimalType } from './decimal.ts';
import { StreamError } from './errors.ts';

const MAGIC_BYTE = 0;
const HEADER_BYTES = 5;
const SCRATCH_BYTES = 64 * 1024;

export interface Codec {
  /** Looks up the ids of the schemas that rows of these topics are written with. To be called before `encode`. */
  prepare(names: readonly TopicName[]): Promise<void>;
  /** Bytes of a row: magic byte, schema id, Avro. @throws Error naming the field that does not fit the schema */
  encode<T extends TopicName>(topic: T, value: TopicValue[T]): Buffer;
  /** Makes sure that the writers' schemas of these messages are known, so that `decode` needs no request. */
  learn(topic: TopicName, messages: readonly (Buffer | null)[]): Promise<void>;
  /** The row in bytes, read by our own schema. @throws StreamError `UNDECODABLE` */
  decode<T extends TopicName>(topic: T, bytes: Buffer | null): TopicValue[T];
}

/** How rows of one writer's schema are read by ours: as they are, through a resolver, or not at all. */
type Reader = 'same' | 'unreadable' | Resolver;
type Resolver = ReturnType<avro.Type['createResolver']>;

/** How this build sees the rows of a topic. */
const typesBySchema = new Map<string, avro.Type>();

// avsc keeps the types it has seen in the options it is given: every use takes a copy.
const avroOptions = { logicalTypes: { decimal: DecimalType }, wrapUnions: false };

function toType(schema: string): avro.Type {
  return avro.Type.forSchema(JSON.parse(schema) as avro.Schema, { ...avroOptions });
}

export function typeOf(topic: TopicName): avro.Type {
  const name = topics[topic].schema;
  let type = typesBySchema.get(name);
  if (type === undefined) typesBySchema.set(name, (type = toType(schemas[name])));
  return type;
}

/** A codec over a registry with Confluent's API at `url`. Subjects follow the topic's logical name, without prefix. */
export function createCodec(url: string): Codec {
  const registry = new SchemaRegistry(
    { host: url, retry: { retries: 3, initialRetryTimeInSecs: 0.05 } },
    { [SchemaType.AVRO]: { ...avroOptions } },
  );
  const ids = new Map<TopicName, number>();
  const readers = new Map<string, Reader>();
  let scratch = Buffer.allocUnsafe(SCRATCH_BYTES);

  async function prepare(names: readonly TopicName[]): Promise<void> {
    for (const topic of names) {
      if (ids.has(topic)) continue;
      const schema = schemas[topics[topic].schema];
      try {
        ids.set(
          topic,
          await registry.getRegistryIdBySchema(subjectOf(topic), { type: SchemaType.AVRO, schema }),
        );
      } catch (cause) {
        throw new StreamError(
          'SCHEMA_NOT_REGISTERED',
          `the registry does not answer with an id for this build's schema of ${subjectOf(topic)}; provision registers it`,
          { retriable: true, cause },
        );
      }
    }
  }

  function encode<T extends TopicName>(topic: T, value: TopicValue[T]): Buffer {
    const id = ids.get(topic);
    if (id === undefined) throw new Error(`no schema id for ${topic}: not prepared`);
    const type = typeOf(topic);
    let end = write(type, value);
    if (end < 0) {
      // avsc answers the number of missing bytes as a negative position.
      scratch = Buffer.allocUnsafe((scratch.length - end) * 2);
      end = write(type, value);
    }
    scratch[0] = MAGIC_BYTE;
    scratch.writeInt32BE(id, 1);
    return Buffer.from(scratch.subarray(0, end));
  }

  function write(type: avro.Type, value: unknown): number {
    try {
      return type.encode(value, scratch, HEADER_BYTES);
    } catch (cause) {
      const fields: string[] = [];
      type.isValid(value, { errorHook: (path) => fields.push(path.join('.')) });
      throw new Error(`does not fit the schema at ${fields.join(', ') || 'the value'}: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  const readerKey = (topic: TopicName, id: number): string => `${topics[topic].schema}:${id}`;

  async function learn(topic: TopicName, messages: readonly (Buffer | null)[]): Promise<void> {
    const unknown = new Set<number>();
    for (const bytes of messages) {
      const id = schemaIdOf(bytes);
      if (id !== undefined && !readers.has(readerKey(topic, id))) unknown.add(id);
    }
    for (const id of unknown) readers.set(readerKey(topic, id), await readerFor(topic, id));
  }

  async function readerFor(topic: TopicName, id: number): Promise<Reader> {
    let writer: avro.Type;
    try {
      writer = (await registry.getSchema(id)) as unknown as avro.Type;
    } catch (cause) {
      if (isNotFound(cause)) return 'unreadable';
      throw new StreamError('KAFKA_UNAVAILABLE', 'the schema registry does not answer', {
        retriable: true,
        cause,
      });
    }
    const type = typeOf(topic);
    if (writer.fingerprint().equals(type.fingerprint())) return 'same';
    try {
      return type.createResolver(writer);
    } catch {
      return 'unreadable';
    }
  }

  function decode<T extends TopicName>(topic: T, bytes: Buffer | null): TopicValue[T] {
    const id = schemaIdOf(bytes);
    if (bytes === null || id === undefined) throw undecodable('the value has no schema id');
    const reader = readers.get(readerKey(topic, id)) ?? 'unreadable';
    if (reader === 'unreadable')
      throw undecodable(`schema ${id} is unknown or cannot be read as ${topics[topic].schema}`);
    try {
      const body = bytes.subarray(HEADER_BYTES);
      const resolver = reader === 'same' ? undefined : reader;
      return typeOf(topic).fromBuffer(body, resolver) as TopicValue[T];
    } catch (cause) {
      throw undecodable(`the bytes do not follow schema ${id}`, cause);
    }
  }

  return { prepare, encode, learn, decode };
}

function schemaIdOf(bytes: Buffer | null): number | undefined {
  if (bytes === null || bytes.length < HEADER_BYTES || bytes[0] !== MAGIC_BYTE) return undefined;
  return bytes.readInt32BE(1);
}

function undecodable(message: string, cause?: unknown): StreamError {
  return new StreamError('UNDECODABLE', message, { retriable: false, cause });
}

function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 404;
}
