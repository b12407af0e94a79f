import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { LauncherError } from '../../launcher/errors.ts';
import { ask } from '../../launcher/probe.ts';
import { canRun } from '../../launcher/programs.ts';
import type { Command, ServerContext, ServerSpec } from '../../launcher/server.ts';
import { postgresProgramDir } from './program.ts';

const environment = { LC_ALL: 'C', TZ: 'UTC' };
const authenticationRequest = 'R'.charCodeAt(0);

export const postgres: ServerSpec = {
  name: 'postgres',
  needsMaven: false,
  needsJava: false,
  ports: ['POSTGRES_PORT'],
  clientPort: 'POSTGRES_PORT',
  // The fast shutdown: it ends sessions instead of waiting for them.
  stopSignal: 'SIGINT',
  stopTimeoutMs: 20_000,
  startTimeoutMs: 60_000,
  command,
  // While it recovers it answers a start-up packet with an error.
  ready: async ({ settings }) =>
    (await ask(settings.POSTGRES_PORT, startupPacket()))?.[0] === authenticationRequest,
};

function command({ settings, dataDir }: ServerContext): Command {
  const programDir = postgresProgramDir();
  if (!existsSync(dataDir)) initialise(programDir, dataDir);
  const options = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: `${settings.POSTGRES_SHARED_BUFFERS_MB}MB`,
    max_connections: '200',
    max_wal_size: '256MB',
    jit: 'off',
    timezone: 'UTC',
  };
  const argv = Object.entries(options).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  return {
    argv: withPrefix(
      asNonRoot(),
      path.join(programDir, 'postgres'),
      '-D',
      dataDir,
      '-p',
      String(settings.POSTGRES_PORT),
      ...argv,
    ),
    env: environment,
  };
}

/** Made in a folder beside and moved: a broken-off first start leaves no half database. */
function initialise(programDir: string, dataDir: string): void {
  const fresh = `${dataDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  chmodSync(fresh, 0o700);
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  run([
    ...asNonRoot(),
    path.join(programDir, 'initdb'),
    '-D',
    fresh,
    '-U',
    'postgres',
    '-A',
    'trust',
    ...locale,
    '--no-instructions',
  ]);
  run(
    [...asNonRoot(), path.join(programDir, 'postgres'), '--single', '-D', fresh, 'postgres'],
    'CREATE DATABASE shopstream\n',
  );
  renameSync(fresh, dataDir);
}

function run(argv: string[], input = ''): void {
  const [program = '', ...args] = argv;
  const result = spawnSync(program, args, {
    input,
    env: { ...process.env, ...environment },
    cwd: '/',
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  throw new LauncherError(
    'server_not_ready',
    `postgres: ${argv.join(' ')} failed\n${result.error?.message ?? ''}${result.stdout}${result.stderr}`,
  );
}

/** PostgreSQL refuses to run as root. In a user namespace it sees itself as nobody, and its files stay ours. */
function asNonRoot(): string[] {
  if (process.getuid?.() !== 0) return [];
  const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
  const [program = '', ...args] = namespace;
  if (canRun(program, ...args, 'true')) return namespace;
  throw new LauncherError(
    'missing_program',
    'PostgreSQL does not run as root, and this machine allows no user namespaces. Start as an ordinary user.',
  );
}

function withPrefix(prefix: string[], program: string, ...args: string[]): Command['argv'] {
  const [first = program, ...rest] = [...prefix, program, ...args];
  return [first, ...rest];
}

function startupPacket(): Buffer {
  const body = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + body.length, 0);
  head.writeInt32BE(0x0003_0000, 4);
  return Buffer.concat([head, body]);
}
