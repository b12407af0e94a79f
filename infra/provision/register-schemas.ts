// The one place that registers schemas: services only look their ids up. Several registrars at once would race for the
// subjects' rules.
import { schemas, subjectOf, topicNames, topics } from '@shopstream/contracts';
import { z } from 'zod';
import { ProvisionError } from './errors.ts';

const compatibility = 'BACKWARD';
const requestTimeoutMs = 15_000;
const registered = z.object({ id: z.number() });
const refusal = z.object({ error_code: z.number(), message: z.string() });

export interface Subject {
  name: string;
  /** Avro, as JSON text. */
  schema: string;
}

/** The subject of every topic in the contracts. */
export function contractSubjects(): Subject[] {
  return topicNames.map((topic) => ({ name: subjectOf(topic), schema: schemas[topics[topic].schema] }));
}

/**
 * Registers each subject's schema under BACKWARD compatibility, again and again without effect when nothing changed.
 * Fails with every subject that the registry refuses, after having tried all.
 */
export async function registerSchemas(registryUrl: string, subjects: readonly Subject[]): Promise<void> {
  await expectOk(await request(registryUrl, '/config', { method: 'PUT', body: { compatibility } }), 'config');
  const problems: string[] = [];
  for (const subject of subjects) {
    const problem = await register(registryUrl, subject);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length === 0) return;
  const lines = problems.map((line) => `  ${line}`).join('\n');
  throw new ProvisionError('schema_refused', `the registry refused schemas:\n${lines}`);
}

async function register(registryUrl: string, { name, schema }: Subject): Promise<string | undefined> {
  const subject = encodeURIComponent(name);
  const options = { method: 'POST', body: { schema, schemaType: 'AVRO' } };
  const response = await request(registryUrl, `/subjects/${subject}/versions`, options);
  const answer: unknown = await response.json();
  if (response.ok) {
    registered.parse(answer);
    const level = await request(registryUrl, `/config/${subject}`, {
      method: 'PUT',
      body: { compatibility },
    });
    await expectOk(level, name);
    return undefined;
  }
  const { message } = refusal.parse(answer);
  if (response.status === 409)
    return `${name} is not ${compatibility} compatible with its last version: ${message}`;
  if (response.status === 422) return `${name} is no valid schema: ${message}`;
  throw new ProvisionError(
    'registry_failed',
    `${name}: the registry answered ${response.status}: ${message}`,
  );
}

function request(registryUrl: string, path: string, options: { method: string; body: unknown }) {
  return fetch(`${registryUrl}${path}`, {
    method: options.method,
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify(options.body),
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
}

async function expectOk(response: Response, what: string): Promise<void> {
  if (response.ok) return;
  const text = await response.text();
  throw new ProvisionError('registry_failed', `${what}: the registry answered ${response.status}: ${text}`);
}
