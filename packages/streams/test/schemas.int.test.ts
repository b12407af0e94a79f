import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { schemas } from '@shopstream/contracts';
import { eventually, productVersion, testSettings, uniqueName } from '@shopstream/testkit';
import avro from 'avsc';
import { avroOptions } from '../src/avro-types.ts';
import { createCodec } from '../src/codec.ts';
import { registerSchema, registerSchemas } from '../src/index.ts';
import { HEADER_BYTES, writeHeader } from '../src/wire-format.ts';

interface RecordSchema {
  fields: { name: string; type: unknown; default?: unknown }[];
}

const url = testSettings().SCHEMA_REGISTRY_URL;
const topic = 'ecom.products.v1' as const;
const products = (): RecordSchema => JSON.parse(schemas.products) as RecordSchema;

const withField = (): RecordSchema => {
  const schema = products();
  schema.fields.push({ name: 'colour', type: ['null', 'string'], default: null });
  return schema;
};
const withoutUrl = (): RecordSchema => {
  const schema = products();
  return { ...schema, fields: schema.fields.filter(({ name }) => name !== 'url') };
};

/** A registry that knows no schema by its id until it `knows`. */
async function startForgetfulRegistry() {
  const registry = { url: '', knows: false, asked: 0, close: () => server.close() };
  const server = createServer((_request, response) => {
    registry.asked += 1;
    response.setHeader('content-type', 'application/json');
    if (registry.knows) response.end(JSON.stringify({ schema: schemas.products }));
    else response.writeHead(404).end(JSON.stringify({ error_code: 40403, message: 'not found' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  registry.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return registry;
}

/** A row as another build writes it, whose schema has an id of its own. */
async function written(schema: RecordSchema, row: object): Promise<Buffer> {
  const subject = `${uniqueName('build')}-value`;
  await registerSchema(url, subject, JSON.stringify(schema));
  const { id } = (await (await fetch(`${url}/subjects/${subject}/versions/latest`)).json()) as { id: number };
  const body = avro.Type.forSchema(schema as unknown as avro.Schema, { ...avroOptions }).toBuffer(row);
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, id);
  return Buffer.concat([header, body]);
}

async function read(bytes: Buffer): Promise<unknown> {
  const codec = createCodec(url);
  await codec.learn(topic, [bytes]);
  return codec.decode(topic, bytes);
}

describe('schemas', () => {
  beforeAll(() => registerSchemas(url));

  it('may gain an optional field: the older build reads rows of the newer one', async () => {
    const row = productVersion({ price: '12.30' });
    expect(await read(await written(withField(), { ...row, colour: 'red' }))).toEqual(row);
  });

  it('may gain an optional field: the newer build reads rows of the older one, with the default', async () => {
    const { url: _url, ...row } = productVersion({ price: '0.05' });
    expect(await read(await written(withoutUrl(), row))).toEqual({ ...row, url: null });
  });

  it('that readers of older rows could not use are refused', async () => {
    const subject = `${uniqueName('compat')}-value`;
    await registerSchema(url, subject, schemas.products);
    await registerSchema(url, subject, JSON.stringify(withField()));
    const needed = products();
    needed.fields.push({ name: 'colour', type: 'string' });
    await expect(registerSchema(url, subject, JSON.stringify(needed))).rejects.toMatchObject({
      code: 'SCHEMA_INCOMPATIBLE',
      retriable: false,
    });
  });

  it('of rows are found in the registry: a codec writes what another one reads', async () => {
    const codec = createCodec(url);
    await codec.prepare([topic]);
    const row = productVersion({ attributes: { __proto__x: 'y' }, description: 'x'.repeat(200_000) });
    const bytes = codec.encode(topic, row);
    expect(await read(bytes)).toEqual(row);
    expect(() => codec.encode(topic, { ...row, name: 7 as unknown as string })).toThrow(/name/);
  });

  it('that are registered only after their first row make the later rows readable', async () => {
    const registry = await startForgetfulRegistry();
    const codec = createCodec(registry.url);
    const row = productVersion({ name: 'patience' });
    const bytes = await written(products(), row);
    for (const _again of [1, 2, 3]) await codec.learn(topic, [bytes]);
    expect(() => codec.decode(topic, bytes)).toThrow(/unknown/);
    expect(registry.asked).toBe(1);
    registry.knows = true;
    await eventually(async () => {
      await codec.learn(topic, [bytes]);
      expect(codec.decode(topic, bytes)).toEqual(row);
    });
    registry.close();
  });

  it('that nobody registered make a row undecodable, and so do bytes that are no row', async () => {
    const unknown = Buffer.alloc(9);
    writeHeader(unknown, 0x7fff_fff0);
    for (const bytes of [unknown, Buffer.from('hello'), Buffer.alloc(0)]) {
      await expect(read(bytes)).rejects.toMatchObject({ code: 'UNDECODABLE' });
    }
  });
});
