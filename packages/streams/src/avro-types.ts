import { type TopicName, schemas, topics } from '@shopstream/contracts';
import avro from 'avsc';
import { DecimalType } from './decimal.ts';

/** How this build sees the rows of a topic. */
const typesBySchema = new Map<string, avro.Type>();

/** avsc keeps the types it has seen in the options it is given: every use takes a copy. */
export const avroOptions = { logicalTypes: { decimal: DecimalType }, wrapUnions: false };

/** The type of some columns of a topic's rows: the others are skipped when rows are read. */
export function typeOfColumns(topic: TopicName, columns: readonly string[]): avro.Type {
  const schema = JSON.parse(schemas[topics[topic].schema]) as { fields: { name: string }[] };
  const fields = schema.fields.filter(({ name }) => columns.includes(name));
  return avro.Type.forSchema({ ...schema, fields } as unknown as avro.Schema, { ...avroOptions });
}

/** The type of this build's schema of a topic's rows. */
export function typeOf(topic: TopicName): avro.Type {
  const name = topics[topic].schema;
  let type = typesBySchema.get(name);
  if (type === undefined) {
    type = avro.Type.forSchema(JSON.parse(schemas[name]) as avro.Schema, { ...avroOptions });
    typesBySchema.set(name, type);
  }
  return type;
}
