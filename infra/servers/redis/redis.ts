import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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

function command({ settings, dataDir, homeDir }: ServerContext): Command {
  const program = path.join(
    homeDir,
    `redis-server-7.0.15-${process.platform}-${architectures[process.arch] ?? process.arch}`,
  );
  chmodSync(program, 0o755);
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'redis.conf');
  writeFileSync(file, configuration(settings, dataDir));
  return { argv: [program, file] };
}

function configuration(settings: ServerContext['settings'], dataDir: string): string {
  return `bind 127.0.0.1
port ${settings.REDIS_PORT}
dir "${dataDir}"
appendonly yes
appendfsync everysec
save ""
maxmemory ${settings.REDIS_MAX_MEMORY_MB}mb
maxmemory-policy noeviction
`;
}
