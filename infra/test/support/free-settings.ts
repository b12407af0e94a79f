import { mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadSettings, portNames, type Settings } from '../../launcher/settings.ts';

/** The settings of servers that nothing else uses: free ports, an empty data folder. */
export async function freeSettings(): Promise<Settings> {
  const servers = portNames.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const free = Object.fromEntries(portNames.map((name, index) => [name, ports[index]]));
  return {
    ...loadSettings({}),
    ...free,
    DATA_DIR: path.join(mkdtempSync(path.join(tmpdir(), 'servers-')), 'data'),
  };
}
