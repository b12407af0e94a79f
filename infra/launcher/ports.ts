import { createServer } from 'node:net';
import { LauncherError } from './errors.ts';
import type { PortName, Settings } from './settings.ts';

/** Fails with every port that some other program holds, naming its setting. */
export async function checkPortsAreFree(settings: Settings, names: readonly PortName[]): Promise<void> {
  const free = await Promise.all(names.map((name) => isFree(settings[name])));
  const taken = names.filter((_, index) => free[index] === false);
  if (taken.length === 0) return;
  const lines = taken.map((name) => `  port ${settings[name]} (${name}) is in use on 127.0.0.1`);
  const advice =
    'Stop the program that uses it, or choose another port: set the name above in .env or in the environment.';
  throw new LauncherError('port_in_use', `${lines.join('\n')}\n${advice}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
