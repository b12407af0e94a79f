import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCuttableProxy } from '../src/index.ts';
import type { CuttableProxy } from '../src/index.ts';

const echo = createServer((socket) => socket.pipe(socket));
let proxy: CuttableProxy;

beforeAll(async () => {
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  proxy = await startCuttableProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
});
afterAll(async () => {
  await proxy.stop();
  echo.close();
});

async function openConnection() {
  const socket = connect(proxy.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('hello');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe('hello');
  return socket;
}

describe('startCuttableProxy', () => {
  it('breaks connections and refuses new ones until restored', async () => {
    const closed = once(await openConnection(), 'close');
    await proxy.cut();
    await closed;
    await expect(openConnection()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.restore();
    (await openConnection()).destroy();
  });
});
