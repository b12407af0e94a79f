// Kafka rows as people read them: field names of the schema, times as text, decimals as numbers.
import { schemas, topics } from '@shopstream/contracts';
import type { TopicName } from '@shopstream/contracts';

export type Schema = string | readonly Schema[] | SchemaObject;
export interface SchemaObject {
  type: Schema;
  logicalType?: string;
  fields?: readonly { name: string; type: Schema }[];
  items?: Schema;
  values?: Schema;
}
type ToJson = (value: unknown) => unknown;

/** Above this many digits a JSON number may not give a decimal back exactly. */
const EXACT_DIGITS = 15;

const converters = new Map<TopicName, ToJson>();

/**
 * A decoded value of a topic as plain JSON: times ISO 8601 in UTC with milliseconds, decimals numbers (strings beyond 15 digits), bytes
 * base64.
 */
export function toJsonRow(topic: TopicName, value: unknown): unknown {
  let convert = converters.get(topic);
  if (convert === undefined) {
    convert = converterOf(JSON.parse(schemas[topics[topic].schema]) as Schema);
    converters.set(topic, convert);
  }
  return convert(value);
}

function converterOf(schema: Schema): ToJson {
  if (typeof schema === 'string') return schema === 'bytes' ? toBase64 : same;
  if (Array.isArray(schema)) return nullable(schema as readonly Schema[]);
  const { type, logicalType, fields, items, values } = schema as SchemaObject;
  if (logicalType === 'timestamp-millis') return (value) => new Date(Number(value)).toISOString();
  if (logicalType === 'decimal') return toDecimal;
  if (fields) return recordOf(fields);
  if (items) return (value) => (value as unknown[]).map(converterOf(items));
  if (values) return mapOf(converterOf(values));
  return converterOf(type);
}

/** Our unions are of null and one type. */
function nullable(branches: readonly Schema[]): ToJson {
  const convert = converterOf(branches.find((branch) => branch !== 'null') ?? 'null');
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function recordOf(fields: readonly { name: string; type: Schema }[]): ToJson {
  const columns = fields.map(({ name, type }) => [name, converterOf(type)] as const);
  return (value) => {
    const row = value as Record<string, unknown>;
    return Object.fromEntries(columns.map(([name, convert]) => [name, convert(row[name])]));
  };
}

function mapOf(convert: ToJson): ToJson {
  return (value) =>
    Object.fromEntries(Object.entries(value as object).map(([key, entry]) => [key, convert(entry)]));
}

const same: ToJson = (value) => value;
const toBase64: ToJson = (value) => Buffer.from(value as Uint8Array).toString('base64');
const toDecimal: ToJson = (value) => {
  const text = String(value);
  return text.replace(/\D/g, '').replace(/^0+/, '').length <= EXACT_DIGITS ? Number(text) : text;
};
