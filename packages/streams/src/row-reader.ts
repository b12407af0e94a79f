import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { type TopicName, type TopicValue, topics } from '@shopstream/contracts';
import type avro from 'avsc';
import { typeOf, typeOfColumns } from './avro-types.ts';
import { StreamError } from './errors.ts';
import { HEADER_BYTES, schemaIdOf } from './wire-format.ts';

/** How rows of one writer's schema are read by ours: as they are, through a resolver, or not at all. */
type Reading = 'same' | 'unreadable' | Resolver;
type Decoded<Row> = { value: Row; offset: number };
type Resolver = ReturnType<avro.Type['createResolver']>;

/** How long an id that the registry did not know is not asked for again: it may be registered later. */
const UNKNOWN_MS = 1_000;

/** The schemas that a registry holds, by id. An id that it does not know is asked for again after a second. */
export class WriterSchemas {
  readonly #registry: SchemaRegistry;
  readonly #askAgainAtMs = new Map<number, number>();

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  /** Null for an id that the registry does not know. @throws StreamError `KAFKA_UNAVAILABLE` when it does not answer */
  async get(id: number): Promise<avro.Type | null> {
    if (Date.now() < (this.#askAgainAtMs.get(id) ?? 0)) return null;
    const type = await this.#ask(id);
    if (type === null) this.#askAgainAtMs.set(id, Date.now() + UNKNOWN_MS);
    return type;
  }

  async #ask(id: number): Promise<avro.Type | null> {
    try {
      return (await this.#registry.getSchema(id)) as unknown as avro.Type;
    } catch (cause) {
      if (isNotFound(cause)) return null;
      throw new StreamError('KAFKA_UNAVAILABLE', 'the schema registry does not answer', {
        retriable: true,
        cause,
      });
    }
  }
}

/** Reads rows of a topic in any schema that this build can read. Looking a schema up costs a request, building a resolver 100 decodes: once each. */
export class RowReader<T extends TopicName> {
  readonly topic: T;
  readonly #type: avro.Type;
  readonly #writers: WriterSchemas;
  readonly #readings = new Map<number, Reading>();

  /** @param columns those that are read; all without it */
  constructor(topic: T, { columns, writers }: { columns?: readonly string[]; writers: WriterSchemas }) {
    this.topic = topic;
    this.#type = columns === undefined ? typeOf(topic) : typeOfColumns(topic, columns);
    this.#writers = writers;
  }

  /** Makes sure that the writers' schemas of these messages are known, so that `decode` needs no request. */
  async learn(messages: readonly (Buffer | null)[]): Promise<void> {
    const unknown = new Set<number>();
    for (const bytes of messages) {
      const id = schemaIdOf(bytes);
      if (id !== undefined && !this.#readings.has(id)) unknown.add(id);
    }
    for (const id of unknown) {
      const writer = await this.#writers.get(id);
      if (writer !== null) this.#readings.set(id, this.#readingOf(writer));
    }
  }

  /** The row in bytes, read by our own schema. @throws StreamError `UNDECODABLE` */
  decode(bytes: Buffer | null): TopicValue[T] {
    const id = schemaIdOf(bytes);
    if (bytes === null || id === undefined) throw undecodable('the value has no schema id');
    const reading = this.#readings.get(id) ?? 'unreadable';
    if (reading === 'unreadable')
      throw undecodable(`schema ${id} is unknown or cannot be read as ${topics[this.topic].schema}`);
    try {
      const resolver = reading === 'same' ? undefined : reading;
      const { value, offset } = this.#type.decode(bytes, HEADER_BYTES, resolver) as Decoded<TopicValue[T]>;
      // Negative where bytes are missing.
      if (offset === bytes.length) return value;
      throw new Error(`the row ends at ${offset} of ${bytes.length} bytes`);
    } catch (cause) {
      throw undecodable(`the bytes do not follow schema ${id}`, cause);
    }
  }

  #readingOf(writer: avro.Type): Reading {
    if (writer.fingerprint().equals(this.#type.fingerprint())) return 'same';
    try {
      return this.#type.createResolver(writer);
    } catch {
      return 'unreadable';
    }
  }
}

function undecodable(message: string, cause?: unknown): StreamError {
  return new StreamError('UNDECODABLE', message, { retriable: false, cause });
}

function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 404;
}
