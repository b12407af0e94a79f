import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { loadSettings, portNames, type Settings } from '../../launcher/settings.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The settings of servers that nothing else uses: free ports, an empty data folder. */
export async function freeSettings(): Promise<Settings> {
  const servers = portNames.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const free = Object.fromEntries(portNames.map((name, index) => [name, ports[index]]));
  const folder = mkdtempSync(path.join(tmpdir(), 'shopstream-servers-'));
  folders.push(folder);
  return {
    ...loadSettings({}),
    ...free,
    DATA_DIR: path.join(folder, 'data'),
  };
}
