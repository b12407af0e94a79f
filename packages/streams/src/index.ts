export type { GroupLag, StreamsAdmin, TopicStatus } from './admin.ts';
export { kafkaConfigShape } from './config.ts';
export type { KafkaConfig } from './config.ts';
export { StreamError } from './errors.ts';
export type { JointProducer } from './joint-producer.ts';
export type { EndOffsets, LogPlace } from './log-place.ts';
export type { LogRecord, ReadLogOptions } from './log-reader.ts';
export type { EventProducer } from './producer.ts';
export { registerSchema, registerSchemas } from './registrar.ts';
export { envInputPrefix, parsePlace, stageConfigShape } from './run-mode.ts';
export { createStreams } from './streams.ts';
export type { Streams, StreamsConfig, StreamsContext } from './streams.ts';
export type { Spot, SpotReader, SpotRecords } from './spot-reader.ts';
export type { StageTally } from './tallies.ts';
export type { StreamTable, TableRecord } from './table.ts';
export type { WindowOptions } from './stage/window-rows.ts';
export type {
  BatchHandler,
  ConsumerOptions,
  Group,
  Outcome,
  Output,
  RecordStage,
  RowStatus,
  Runnable,
  RunnableStage,
  StreamRecord,
  TwoStepAggregate,
  Window,
  WindowedAggregate,
} from './types.ts';
