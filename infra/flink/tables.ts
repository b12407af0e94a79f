// The tables of the models over the topics: columns and schemas come from the contracts, so that the two cannot drift.
import { type TopicName, schemas, subjectOf, topics } from '@shopstream/contracts';
import { type AvroNode, quote, toFlinkType } from './to-flink-type.ts';

interface Table {
  topic: TopicName;
  /** Columns beside those of the contract. */
  columns?: readonly string[];
  /** Options beside those of its kind. */
  options?: Readonly<Record<string, string>>;
}

const EVENT_TIME = 'WATERMARK FOR `timestamp` AS `timestamp` - INTERVAL ${OUT_OF_ORDERNESS}';
/** The time that the broker set, in UTC as everything here. */
const APPENDED = "`appended_at` TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL";

/** What the models read. Topics of other writers, so under the prefix of the input. */
const sources: Readonly<Record<string, Table>> = {
  clickstream: {
    topic: 'ecom.clickstream.v1',
    columns: [APPENDED, '`read_at` AS PROCTIME()'],
  },
  events_clean: { topic: 'ecom.events-clean.v1', columns: [EVENT_TIME] },
  events_enriched: { topic: 'ecom.events-enriched.v1', columns: [EVENT_TIME] },
};

/** What the models write. */
const sinks: Readonly<Record<string, Table>> = {
  events_clean_sink: { topic: 'ecom.events-clean.v1' },
  signals_sink: { topic: 'ecom.signals.v1' },
  events_enriched_sink: { topic: 'ecom.events-enriched.v1' },
  user_sessions_sink: { topic: 'ecom.user-sessions.v1' },
  product_popularity_sink: { topic: 'ecom.product-popularity.v1' },
};

const CLUSTER = {
  'properties.bootstrap.servers': '${KAFKA_BROKERS}',
  // What a stage has not committed is not there.
  'properties.isolation.level': 'read_committed',
};

/** The file `sql/tables.sql`. Variables are the runner's. */
export function toTables(): string {
  const statements = [
    ...Object.entries(sources).map(([name, table]) => toSource(name, table)),
    toProducts(),
    ...Object.entries(sinks).map(([name, table]) => toSink(name, table)),
  ];
  return `-- Generated from packages/contracts by \`npm run codegen\`. Do not edit.\n\n${statements.join('\n')}`;
}

/** Columns of a topic's rows, in the order of the contract. */
export const columnsOf = (topic: TopicName): readonly { name: string; type: string }[] =>
  (schemaOf(topic).fields ?? []).map((field) => ({ name: field.name, type: toFlinkType(field.type) }));

const schemaOf = (topic: TopicName): AvroNode => JSON.parse(schemas[topics[topic].schema]) as AvroNode;

function toSource(name: string, { topic, columns = [] }: Table): string {
  return createTable(name, [...rowColumns(topic), ...columns], {
    connector: 'kafka',
    topic: `\${INPUT_TOPIC_PREFIX}${topic}`,
    ...CLUSTER,
    'properties.group.id': '${GROUP}',
    'scan.startup.mode': '${START_MODE}',
    'scan.startup.specific-offsets': '${START_OFFSETS}',
    'scan.bounded.mode': '${BOUNDED_MODE}',
    // After each record, as the stages do it: which records are late is a function of the log.
    'scan.watermark.emit.strategy': 'on-event',
    ...avroOf(topic, 'value.'),
  });
}

/** Versions by their time of validity; a first version without a start is valid from the beginning of time. */
function toProducts(): string {
  const topic = 'ecom.products.v1';
  const columns = [
    '`product_key` STRING NOT NULL',
    ...rowColumns(topic),
    "`valid_since` AS COALESCE(`valid_from`, TIMESTAMP '1970-01-01 00:00:00.000')",
    'WATERMARK FOR `valid_since` AS `valid_since`',
    'PRIMARY KEY (`product_key`) NOT ENFORCED',
  ];
  return createTable('products', columns, {
    connector: 'upsert-kafka',
    topic: `\${INPUT_TOPIC_PREFIX}${topic}`,
    ...CLUSTER,
    'properties.group.id': '${GROUP}',
    'scan.bounded.mode': '${BOUNDED_MODE}',
    'key.format': 'raw',
    'value.fields-include': 'EXCEPT_KEY',
    ...avroOf(topic, 'value.'),
  });
}

function toSink(name: string, { topic }: Table): string {
  return createTable(name, ['`message_key` STRING NOT NULL', ...rowColumns(topic)], {
    connector: 'kafka',
    topic: `\${KAFKA_TOPIC_PREFIX}${topic}`,
    ...CLUSTER,
    'properties.transaction.timeout.ms': '${TRANSACTION_TIMEOUT_MS}',
    'sink.delivery-guarantee': '${DELIVERY_GUARANTEE}',
    'sink.transactional-id-prefix': `\${GROUP}-${name}`,
    'sink.partitioner': 'shopstream.flink.ContractPartitioner',
    'key.format': 'raw',
    'key.fields': 'message_key',
    'value.fields-include': 'EXCEPT_KEY',
    ...avroOf(topic, 'value.'),
  });
}

const rowColumns = (topic: TopicName): string[] =>
  columnsOf(topic).map(({ name, type }) => `${quote(name)} ${type}`);

/** The contract's schema itself: what Flink derives from a table would be registered as another version. */
const avroOf = (topic: TopicName, prefix: string): Record<string, string> => ({
  [`${prefix}format`]: 'avro-confluent',
  [`${prefix}avro-confluent.url`]: '${SCHEMA_REGISTRY_URL}',
  [`${prefix}avro-confluent.subject`]: subjectOf(topic),
  [`${prefix}avro-confluent.schema`]: schemas[topics[topic].schema],
});

function createTable(name: string, columns: readonly string[], options: Record<string, string>): string {
  const settings = Object.entries(options).map(
    ([key, value]) => `'${key}' = '${value.replaceAll("'", "''")}'`,
  );
  return `CREATE TEMPORARY TABLE ${quote(name)} (\n  ${columns.join(',\n  ')}\n) WITH (\n  ${settings.join(',\n  ')}\n);\n`;
}
