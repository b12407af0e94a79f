// The way back of json-row.ts: rows as people edit them become rows again.
import { schemas, type TopicName, topics, type TopicValue } from '@shopstream/contracts';
import { type Schema, type SchemaObject } from './json-row.ts';

type FromJson = (value: unknown) => unknown;

/**
 * A row of a topic from its JSON: times in ISO 8601 or epoch milliseconds, decimals as numbers or text, bytes in base64. Columns that are
 * missing are null. What does not fit the schema is found when the row is written.
 */
export function toRow<T extends TopicName>(topic: T, json: unknown): TopicValue[T] {
  return converterOf(JSON.parse(schemas[topics[topic].schema]) as Schema)(json) as TopicValue[T];
}

function converterOf(schema: Schema): FromJson {
  if (typeof schema === 'string') return primitive(schema);
  if (Array.isArray(schema)) return nullable(schema as readonly Schema[]);
  const { type, logicalType, fields, items, values } = schema as SchemaObject;
  if (logicalType === 'timestamp-millis') return toTime;
  if (logicalType === 'decimal') return toText;
  if (fields) return recordOf(fields);
  if (items) return (value) => (Array.isArray(value) ? value.map(converterOf(items)) : value);
  if (values) return mapOf(converterOf(values));
  return converterOf(type);
}

function primitive(name: string): FromJson {
  if (name === 'bytes') return (value) => (typeof value === 'string' ? Buffer.from(value, 'base64') : value);
  return name === 'string' ? toText : (value) => value;
}

function nullable(branches: readonly Schema[]): FromJson {
  const convert = converterOf(branches.find((branch) => branch !== 'null') ?? 'null');
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function recordOf(fields: readonly { name: string; type: Schema }[]): FromJson {
  const columns = fields.map(({ name, type }) => [name, converterOf(type)] as const);
  return (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const row = value as Record<string, unknown>;
    return Object.fromEntries(columns.map(([name, convert]) => [name, convert(row[name])]));
  };
}

const mapOf =
  (convert: FromJson): FromJson =>
  (value) =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, convert(entry)]))
      : value;

const toText: FromJson = (value) => (typeof value === 'number' ? String(value) : value);
const toTime: FromJson = (value) => (typeof value === 'string' ? Date.parse(value) : value);
