import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fillTemplate } from '../../launcher/fill-template.ts';
import { ask } from '../../launcher/probe.ts';
import type { Command, ServerContext, ServerSpec } from '../../launcher/server.ts';

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

export const redis: ServerSpec = {
  name: 'redis',
  needsMaven: true,
  needsJava: false,
  ports: ['REDIS_PORT'],
  clientPort: 'REDIS_PORT',
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 10_000,
  startTimeoutMs: 60_000,
  command,
  // While it reads its file after a start it answers -LOADING.
  ready: async ({ settings }) =>
    (await ask(settings.REDIS_PORT, 'PING\r\n'))?.toString().startsWith('+PONG') ?? false,
};

function command(context: ServerContext): Command {
  const { dataDir, homeDir } = context;
  const program = path.join(
    homeDir,
    `redis-server-7.0.15-${process.platform}-${architectures[process.arch] ?? process.arch}`,
  );
  chmodSync(program, 0o755);
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'redis.conf');
  fillTemplate(new URL('redis.conf', import.meta.url), file, context);
  return { argv: [program, file] };
}
