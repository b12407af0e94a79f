import { topicNames, topics } from '@shopstream/contracts';
import { createLogger, createMetrics } from '@shopstream/platform';
import { createStreams, kafkaConfigShape, registerSchema } from '@shopstream/streams';
import { eventually, testSettings, uniqueName } from '@shopstream/testkit';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { provision } from '../provision/provision.ts';

const logger = createLogger({ name: 'provision-test', level: 'silent' });
const registryUrl = testSettings().SCHEMA_REGISTRY_URL;

const record = (...fields: object[]) => JSON.stringify({ type: 'record', name: 'Row', fields });
const id = { name: 'id', type: 'string' };

async function versionsOf(subject: string): Promise<unknown> {
  return (await fetch(`${registryUrl}/subjects/${subject}/versions`)).json();
}

test('provisioning makes every topic with its declared partitions, and a second time changes nothing', async () => {
  const env = { ...testSettings(), KAFKA_TOPIC_PREFIX: `${uniqueName('provision')}.` };
  await provision(env, { logger });
  await provision(env, { logger });
  const config = z.object(kafkaConfigShape).parse(env);
  const { admin } = createStreams(config, { name: 'provision-test', logger, metrics: createMetrics('test') });
  const found = await eventually(() => admin.describeTopics());
  await admin.stop();
  expect(Object.fromEntries(found.map(({ topic, partitions }) => [topic, partitions]))).toEqual(
    Object.fromEntries(topicNames.map((topic) => [topic, topics[topic].partitions])),
  );
});

test('an added optional field is a new version', async () => {
  const name = `${uniqueName('added')}-value`;
  await registerSchema(registryUrl, name, record(id));
  await registerSchema(
    registryUrl,
    name,
    record(id, { name: 'note', type: ['null', 'string'], default: null }),
  );
  expect(await versionsOf(name)).toEqual([1, 2]);
});

test('an incompatible change is refused with its subject and field', async () => {
  const name = `${uniqueName('broken')}-value`;
  await registerSchema(registryUrl, name, record(id));
  const change = registerSchema(registryUrl, name, record(id, { name: 'amount', type: 'double' }));
  await expect(change).rejects.toThrow(new RegExp(`${name}.*amount`));
  expect(await versionsOf(name)).toEqual([1]);
});
