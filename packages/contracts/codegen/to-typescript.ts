/** Avro as JSON, the part of the specification that our schemas use. */
export type AvroSchema = string | AvroSchema[] | AvroComplex;

export interface AvroComplex {
  type: AvroSchema;
  name?: string;
  doc?: string;
  logicalType?: string;
  fields?: AvroField[];
  items?: AvroSchema;
  values?: AvroSchema;
}

interface AvroField {
  name: string;
  type: AvroSchema;
  doc?: string;
}

const PRIMITIVES: Record<string, string> = {
  null: 'null',
  string: 'string',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  bytes: 'Buffer',
};

/**
 * Writes one record schema as TypeScript interfaces, nested records first.
 *
 * Logical types become what the codec of packages/streams yields: `timestamp-millis` a number of epoch milliseconds,
 * `decimal` a string with all its digits, such as `"12.30"`.
 *
 * @throws Error naming the construct, for schemas outside the supported part of Avro.
 */
export function toTypeScript(schema: AvroComplex): string {
  const declarations: string[] = [];
  declareRecord(schema, declarations);
  return declarations.join('\n');
}

function declareRecord(schema: AvroComplex, declarations: string[]): string {
  if (schema.name === undefined || schema.fields === undefined)
    throw new Error('a record needs name and fields');
  const lines = schema.fields.flatMap((field) => [
    ...(field.doc === undefined ? [] : [`  /** ${field.doc} */`]),
    `  ${field.name}: ${typeOf(field.type, declarations)};`,
  ]);
  const doc = schema.doc === undefined ? [] : [`/** ${schema.doc} */`];
  declarations.push([...doc, `export interface ${schema.name} {`, ...lines, '}', ''].join('\n'));
  return schema.name;
}

function typeOf(type: AvroSchema, declarations: string[]): string {
  if (Array.isArray(type)) return type.map((branch) => typeOf(branch, declarations)).join(' | ');
  if (typeof type === 'string') return primitive(type);
  if (type.logicalType === 'decimal') return 'string';
  if (type.type === 'record') return declareRecord(type, declarations);
  if (type.type === 'array' && type.items !== undefined) return `${typeOf(type.items, declarations)}[]`;
  if (type.type === 'map' && type.values !== undefined) {
    return `Record<string, ${typeOf(type.values, declarations)}>`;
  }
  return typeOf(type.type, declarations);
}

function primitive(name: string): string {
  const type = PRIMITIVES[name];
  if (type === undefined) throw new Error(`no TypeScript type for the Avro type "${name}"`);
  return type;
}
