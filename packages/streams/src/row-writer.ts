import { type SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { type TopicName, type TopicValue, schemas, subjectOf, topics } from '@shopstream/contracts';
import { messageOf } from '@shopstream/platform';
import type avro from 'avsc';
import { typeOf } from './avro-types.ts';
import { StreamError } from './errors.ts';
import { HEADER_BYTES, writeHeader } from './wire-format.ts';

const SCRATCH_BYTES = 64 * 1024;

/** Writes rows with this build's schemas, whose ids it looks up. */
export class RowWriter {
  readonly #registry: SchemaRegistry;
  readonly #ids = new Map<TopicName, number>();
  #scratch = Buffer.allocUnsafe(SCRATCH_BYTES);

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  async prepare(names: readonly TopicName[]): Promise<void> {
    for (const topic of names) {
      if (!this.#ids.has(topic)) this.#ids.set(topic, await this.#idOf(topic));
    }
  }

  encode<T extends TopicName>(topic: T, value: TopicValue[T]): Buffer {
    const id = this.#ids.get(topic);
    if (id === undefined) throw new Error(`no schema id for ${topic}: not prepared`);
    const type = typeOf(topic);
    let end = this.#write(type, value);
    if (end < 0) {
      // avsc answers the number of missing bytes as a negative position.
      this.#scratch = Buffer.allocUnsafe((this.#scratch.length - end) * 2);
      end = this.#write(type, value);
    }
    writeHeader(this.#scratch, id);
    const bytes = Buffer.allocUnsafe(end);
    this.#scratch.copy(bytes, 0, 0, end);
    return bytes;
  }

  async #idOf(topic: TopicName): Promise<number> {
    const schema = { type: SchemaType.AVRO, schema: schemas[topics[topic].schema] } as const;
    try {
      return await this.#registry.getRegistryIdBySchema(subjectOf(topic), schema);
    } catch (cause) {
      throw new StreamError(
        'SCHEMA_NOT_REGISTERED',
        `the registry does not answer with an id for this build's schema of ${subjectOf(topic)}; provision registers it`,
        { retriable: true, cause },
      );
    }
  }

  #write(type: avro.Type, value: unknown): number {
    try {
      return type.encode(value, this.#scratch, HEADER_BYTES);
    } catch (cause) {
      const fields: string[] = [];
      type.isValid(value, { errorHook: (path) => fields.push(path.join('.')) });
      throw new Error(`does not fit the schema at ${fields.join(', ') || 'the value'}: ${messageOf(cause)}`, {
        cause,
      });
    }
  }
}
