// One step of a deployment registers; services only look ids up. Several first registrations at once confuse the registry.
import { type TopicName, schemas, subjectOf, topicNames, topics } from '@shopstream/contracts';
import { StreamError } from './errors.ts';

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';
const TIMEOUT_MS = 10_000;

async function call(url: string, init: { method: string; body: unknown }): Promise<Response> {
  try {
    return await fetch(url, {
      method: init.method,
      headers: { 'content-type': CONTENT_TYPE },
      body: JSON.stringify(init.body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new StreamError('KAFKA_UNAVAILABLE', 'the schema registry does not answer', {
      retriable: true,
      cause,
    });
  }
}

async function expectOk(response: Response, what: string): Promise<void> {
  if (response.ok) return;
  const text = await response.text();
  const incompatible = response.status === 409;
  throw new StreamError(
    incompatible ? 'SCHEMA_INCOMPATIBLE' : 'KAFKA_UNAVAILABLE',
    `${what} was refused with ${response.status}: ${text.slice(0, 500)}`,
    { retriable: !incompatible },
  );
}

/**
 * Registers a schema under a subject with BACKWARD compatibility.
 * @param schema Avro as JSON text
 * @throws StreamError `SCHEMA_INCOMPATIBLE` when readers of the new schema could not read rows of the registered one
 */
export async function registerSchema(url: string, subject: string, schema: string): Promise<void> {
  const register = await call(`${url}/subjects/${subject}/versions`, { method: 'POST', body: { schema } });
  await expectOk(register, `the schema of ${subject}`);
  const level = await call(`${url}/config/${subject}`, {
    method: 'PUT',
    body: { compatibility: 'BACKWARD' },
  });
  await expectOk(level, `the compatibility level of ${subject}`);
}

/** Registers every topic's schema of this build, one after the other. */
export async function registerSchemas(url: string, names: readonly TopicName[] = topicNames): Promise<void> {
  await expectOk(
    await call(`${url}/config`, { method: 'PUT', body: { compatibility: 'BACKWARD' } }),
    'the compatibility level',
  );
  for (const topic of names) await registerSchema(url, subjectOf(topic), schemas[topics[topic].schema]);
}
