import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { startChild } from '../platform/child.ts';

/** Runs the reference server while `measure` runs. */
export async function withBareServer<T>(measure: (url: string) => Promise<T>): Promise<T> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = startChild(
    'bare-server',
    ['--import', 'tsx', 'bench/src/reference/bare-server.ts', new URL(url).port],
    {},
  );
  try {
    await child.untilReady(`${url}/v1/recommendations`);
    return await measure(url);
  } finally {
    await child.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
