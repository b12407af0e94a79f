import { envBoolean, envList } from '@shopstream/platform';
import { z } from 'zod';
import { envPrefix } from './run-mode.ts';

/** Settings of everything that speaks Kafka, to be spread into a service's schema. */
export const kafkaConfigShape = {
  KAFKA_BROKERS: envList(),
  /** Put before every topic, group and transactional id, so that several platforms can share one cluster. */
  KAFKA_TOPIC_PREFIX: envPrefix().default(''),
  KAFKA_SSL: envBoolean().default(false),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  SCHEMA_REGISTRY_URL: z.url(),
};

export type KafkaConfig = z.output<z.ZodObject<typeof kafkaConfigShape>>;
