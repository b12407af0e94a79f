/** Avro as JSON, the part of the specification that the contracts use. */
export type AvroType = string | readonly AvroType[] | AvroNode;

export interface AvroNode {
  type: AvroType;
  name?: string;
  logicalType?: string;
  precision?: number;
  scale?: number;
  fields?: readonly { name: string; type: AvroType }[];
  items?: AvroType;
  values?: AvroType;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'STRING',
  boolean: 'BOOLEAN',
  int: 'INT',
  long: 'BIGINT',
  double: 'DOUBLE',
  bytes: 'BYTES',
};

/**
 * The type of a column in Flink SQL, as Flink's own converter of Avro schemas has it: it refuses a table that differs.
 * @throws Error naming the construct, for schemas outside the supported part of Avro
 * @example toFlinkType(['null', 'string']) // 'STRING'
 */
export function toFlinkType(type: AvroType): string {
  if (!isUnion(type)) return `${nullableType(type)} NOT NULL`;
  const branches = type.filter((branch) => branch !== 'null');
  const [only] = branches;
  if (only === undefined || branches.length > 1 || branches.length === type.length)
    throw new Error(`no column for the union ${JSON.stringify(type)}`);
  return nullableType(only);
}

const isUnion = (type: AvroType): type is readonly AvroType[] => Array.isArray(type);

function nullableType(type: AvroType): string {
  if (typeof type === 'string') return primitive(type);
  if (isUnion(type)) throw new Error(`no column for the nested union ${JSON.stringify(type)}`);
  if (type.logicalType === 'timestamp-millis') return 'TIMESTAMP(3)';
  if (type.logicalType === 'decimal') return `DECIMAL(${type.precision}, ${type.scale ?? 0})`;
  if (type.fields) {
    const columns = type.fields.map((field) => `${quote(field.name)} ${toFlinkType(field.type)}`);
    return `ROW<${columns.join(', ')}>`;
  }
  if (type.items !== undefined) return `ARRAY<${toFlinkType(type.items)}>`;
  if (type.values !== undefined) return `MAP<STRING NOT NULL, ${toFlinkType(type.values)}>`;
  return nullableType(type.type);
}

function primitive(name: string): string {
  const type = PRIMITIVES[name];
  if (type === undefined) throw new Error(`no column for the Avro type "${name}"`);
  return type;
}

/** A name in backticks: `timestamp` and `views` are words of the language. */
export const quote = (name: string): string => `\`${name}\``;
