import { z } from 'zod';

export const DEFAULT_NAMESPACE = 'default';

/** Tenant names hold no colon, so that `namespace:id` can be split again. */
export const namespaceSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 characters of a-z, 0-9 and hyphen');

/** Ids are strings of 1 to 50 visible characters; JSON integers are taken as their digits. */
export const idSchema = z
  .union([z.string(), z.int()], { error: 'must be a string or an integer' })
  .transform(String)
  .pipe(
    z
      .string()
      .min(1, 'must not be empty')
      .max(50, 'must have at most 50 characters')
      .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u, 'must hold visible characters only'),
  );

/** Key of an entity within its tenant, as used for Kafka messages. */
export const entityKey = (namespace: string, id: string): string => `${namespace}:${id}`;
