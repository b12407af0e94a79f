import { schemas, subjectOf, type TopicName, topicNames, topics } from '@shopstream/contracts';
import { request } from 'undici';
import { type Finding, fine, problem } from './finding.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';

/** Whether the registry knows this build's schemas, or could. To be called when the registry answers. */
export async function checkSchemas(registryUrl: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const topic of topicNames) findings.push(await checkSchema(registryUrl, topic));
  const wrong = findings.filter(({ ok }) => !ok);
  return wrong.length > 0 ? wrong : [fine('schemas', 'schemas', `${findings.length} registered`)];
}

async function checkSchema(registryUrl: string, topic: TopicName): Promise<Finding> {
  const subject = subjectOf(topic);
  const schema = schemas[topics[topic].schema];
  const known = await post(`${registryUrl}/subjects/${subject}`, schema);
  if (known.status === 200) return fine('schemas', subject, 'registered');
  const verdict = await post(
    `${registryUrl}/compatibility/subjects/${subject}/versions/latest?verbose=true`,
    schema,
  );
  if (verdict.status === 200 && verdict.body['is_compatible'] === false) {
    return problem('schemas', subject, {
      detail: `this build's schema cannot read what is there: ${JSON.stringify(verdict.body['messages'] ?? [])}`,
      advice:
        'run the build that belongs to this data, or change the schema compatibly: new fields need a default',
    });
  }
  return problem('schemas', subject, {
    detail: verdict.status === 200 ? "an older version is registered, this build's is not" : 'not registered',
    advice: '`npm run provision` registers it',
  });
}

async function post(url: string, schema: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': CONTENT_TYPE },
    body: JSON.stringify({ schema }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const text = await body.text();
  return { status: statusCode, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
