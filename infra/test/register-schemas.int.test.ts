import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { uniqueName } from '@shopstream/testkit';
import { contractSubjects, registerSchemas } from '../provision/register-schemas.ts';

const registryUrl = z.string().parse(process.env['SCHEMA_REGISTRY_URL']);

const record = (...fields: object[]) => JSON.stringify({ type: 'record', name: 'Row', fields });
const id = { name: 'id', type: 'string' };

async function versionsOf(subject: string): Promise<unknown> {
  return (await fetch(`${registryUrl}/subjects/${subject}/versions`)).json();
}

test('the schemas of all topics are accepted, and registering them again adds no version', async () => {
  const subjects = contractSubjects();
  await registerSchemas(registryUrl, subjects);
  const before = await Promise.all(subjects.map(({ name }) => versionsOf(name)));
  await registerSchemas(registryUrl, subjects);
  expect(await Promise.all(subjects.map(({ name }) => versionsOf(name)))).toEqual(before);
});

test('an added optional field is a new version', async () => {
  const name = `${uniqueName('added')}-value`;
  await registerSchemas(registryUrl, [{ name, schema: record(id) }]);
  const optional = { name: 'note', type: ['null', 'string'], default: null };
  await registerSchemas(registryUrl, [{ name, schema: record(id, optional) }]);
  expect(await versionsOf(name)).toEqual([1, 2]);
});

test('an incompatible change is refused with its subject and field, and the others are registered still', async () => {
  const name = `${uniqueName('broken')}-value`;
  const other = `${uniqueName('other')}-value`;
  await registerSchemas(registryUrl, [{ name, schema: record(id) }]);
  const required = { name: 'amount', type: 'double' };
  const change = registerSchemas(registryUrl, [
    { name, schema: record(id, required) },
    { name: other, schema: record(id) },
  ]);
  await expect(change).rejects.toThrow(new RegExp(`${name} is not BACKWARD compatible.*amount`));
  expect(await versionsOf(name)).toEqual([1]);
  expect(await versionsOf(other)).toEqual([1]);
});
