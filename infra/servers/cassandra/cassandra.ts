import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fillTemplate } from '../../launcher/fill-template.ts';
import { ask } from '../../launcher/probe.ts';
import { canRun, javaProgram } from '../../launcher/programs.ts';
import type { Command, ServerContext, ServerSpec } from '../../launcher/server.ts';
import { moduleOptions } from './module-options.ts';

const logging = new URL('logback.xml', import.meta.url);
/** CQL protocol 4, OPTIONS; the answer's opcode, its fifth byte, is SUPPORTED. */
const options = Buffer.from([4, 0, 0, 0, 5, 0, 0, 0, 0]);
const supported = 6;

export const cassandra: ServerSpec = {
  name: 'cassandra',
  needsMaven: true,
  needsJava: true,
  ports: ['CASSANDRA_PORT', 'CASSANDRA_STORAGE_PORT'],
  clientPort: 'CASSANDRA_PORT',
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 30_000,
  startTimeoutMs: 180_000,
  command,
  ready: async ({ settings }) => (await ask(settings.CASSANDRA_PORT, options))?.[4] === supported,
};

function command(context: ServerContext): Command {
  const { dataDir, homeDir } = context;
  const temporary = path.join(dataDir, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const yaml = path.join(dataDir, 'cassandra.yaml');
  fillTemplate(new URL('cassandra.yaml', import.meta.url), yaml, context);
  const classpath = readFileSync(path.join(homeDir, 'classpath'), 'utf8').trim();
  const [first, ...rest] = [
    ...withoutMemoryLock(),
    javaProgram(process.env),
    ...memoryOptions(context),
    ...agent(classpath),
    ...moduleOptions,
  ];
  const properties = {
    'java.net.preferIPv4Stack': 'true',
    'java.io.tmpdir': temporary,
    'jna.tmpdir': temporary,
    'io.netty.tryReflectionSetAccessible': 'true',
    'cassandra.config': pathToFileURL(yaml).href,
    'logback.configurationFile': fileURLToPath(logging),
    'cassandra.storagedir': dataDir,
    'cassandra.logdir': path.join(dataDir, 'logs'),
    'cassandra.triggers_dir': path.join(dataDir, 'triggers'),
    // One node has nobody to wait for.
    'cassandra.skip_wait_for_gossip_to_settle': '0',
    'cassandra.ring_delay_ms': '0',
    'cassandra.superuser_setup_delay_ms': '0',
    'cassandra.shutdown_announce_in_ms': '0',
  };
  const defines = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
  return {
    argv: [
      first ?? '',
      ...rest,
      ...defines,
      '-cp',
      classpath,
      'org.apache.cassandra.service.CassandraDaemon',
    ],
    cwd: dataDir,
  };
}

function memoryOptions({ settings, quickStart }: ServerContext): string[] {
  const heap = [
    '-Xms128m',
    `-Xmx${settings.CASSANDRA_HEAP_MB}m`,
    '-Xss512k',
    '-XX:MaxDirectMemorySize=256m',
    '-XX:ReservedCodeCacheSize=96m',
  ];
  return [
    ...heap,
    '-XX:+UseSerialGC',
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:+PerfDisableSharedMem',
    ...(quickStart ? ['-XX:TieredStopAtLevel=1'] : []),
  ];
}

function agent(classpath: string): string[] {
  const jar = classpath.split(path.delimiter).find((file) => /^jamm-.*\.jar$/.test(path.basename(file)));
  return jar === undefined ? [] : [`-javaagent:${jar}`];
}

/** As root Cassandra would lock its whole heap in memory. */
function withoutMemoryLock(): string[] {
  const drop = ['--bounding-set', '-ipc_lock', '--inh-caps', '-ipc_lock'];
  return process.getuid?.() === 0 && canRun('setpriv', ...drop, 'true') ? ['setpriv', ...drop] : [];
}
