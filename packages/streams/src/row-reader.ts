import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { type TopicName, type TopicValue, topics } from '@shopstream/contracts';
import type avro from 'avsc';
import { typeOf } from './avro-types.ts';
import { StreamError } from './errors.ts';
import { HEADER_BYTES, schemaIdOf } from './wire-format.ts';

/** How rows of one writer's schema are read by ours: as they are, through a resolver, or not at all. */
type Reading = 'same' | 'unreadable' | Resolver;
type Resolver = ReturnType<avro.Type['createResolver']>;

/** How long an id that the registry did not know is not asked for again: it may be registered later. */
const UNKNOWN_MS = 1_000;

/** Reads rows of any schema that this build can read. Looking a schema up costs a request, building a resolver 100 decodes: once each. */
export class RowReader {
  readonly #registry: SchemaRegistry;
  readonly #readings = new Map<string, Reading>();
  readonly #askAgainAtMs = new Map<number, number>();

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  async learn(topic: TopicName, messages: readonly (Buffer | null)[]): Promise<void> {
    const unknown = new Set<number>();
    for (const bytes of messages) {
      const id = schemaIdOf(bytes);
      if (id !== undefined && !this.#readings.has(keyOf(topic, id))) unknown.add(id);
    }
    for (const id of unknown) {
      if (Date.now() < (this.#askAgainAtMs.get(id) ?? 0)) continue;
      const writer = await this.#writerOf(id);
      if (writer === null) this.#askAgainAtMs.set(id, Date.now() + UNKNOWN_MS);
      else this.#readings.set(keyOf(topic, id), this.#readingOf(topic, writer));
    }
  }

  decode<T extends TopicName>(topic: T, bytes: Buffer | null): TopicValue[T] {
    const id = schemaIdOf(bytes);
    if (bytes === null || id === undefined) throw undecodable('the value has no schema id');
    const reading = this.#readings.get(keyOf(topic, id)) ?? 'unreadable';
    if (reading === 'unreadable')
      throw undecodable(`schema ${id} is unknown or cannot be read as ${topics[topic].schema}`);
    try {
      const body = bytes.subarray(HEADER_BYTES);
      return typeOf(topic).fromBuffer(body, reading === 'same' ? undefined : reading) as TopicValue[T];
    } catch (cause) {
      throw undecodable(`the bytes do not follow schema ${id}`, cause);
    }
  }

  #readingOf(topic: TopicName, writer: avro.Type): Reading {
    const type = typeOf(topic);
    if (writer.fingerprint().equals(type.fingerprint())) return 'same';
    try {
      return type.createResolver(writer);
    } catch {
      return 'unreadable';
    }
  }

  async #writerOf(id: number): Promise<avro.Type | null> {
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

const keyOf = (topic: TopicName, id: number): string => `${topics[topic].schema}:${id}`;

function undecodable(message: string, cause?: unknown): StreamError {
  return new StreamError('UNDECODABLE', message, { retriable: false, cause });
}

function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 404;
}
