import { ServiceError } from '@shopstream/platform';

export const STREAM_ERROR_CODES = [
  'KAFKA_UNAVAILABLE',
  'SCHEMA_NOT_REGISTERED',
  'SCHEMA_INCOMPATIBLE',
  'UNDECODABLE',
  'LIMIT_REACHED',
  'FENCED',
] as const;

export class StreamError extends ServiceError<(typeof STREAM_ERROR_CODES)[number]> {}
