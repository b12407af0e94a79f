import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LauncherError } from '../../launcher/errors.ts';
import { fillTemplate } from '../../launcher/fill-template.ts';
import { ask } from '../../launcher/probe.ts';
import { javaProgram } from '../../launcher/programs.ts';
import type { Command, ServerContext, ServerSpec } from '../../launcher/server.ts';
import { clusterIdOf, metadataRequest } from './metadata-request.ts';

const logging = fileURLToPath(new URL('log4j2.properties', import.meta.url));

export const kafka: ServerSpec = {
  name: 'kafka',
  needsMaven: true,
  needsJava: true,
  ports: ['KAFKA_PORT', 'KAFKA_CONTROLLER_PORT'],
  clientPort: 'KAFKA_PORT',
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 30_000,
  startTimeoutMs: 120_000,
  command,
  ready,
};

function command(context: ServerContext): Command {
  const { settings, dataDir, homeDir, quickStart } = context;
  const logDir = path.join(dataDir, 'log');
  mkdirSync(dataDir, { recursive: true });
  const properties = path.join(dataDir, 'server.properties');
  fillTemplate(new URL('server.properties', import.meta.url), properties, context);
  const classpath = readFileSync(path.join(homeDir, 'classpath'), 'utf8').trim();
  const shared = ['-XX:+UseSerialGC', `-Dlog4j2.configurationFile=${logging}`, '-cp', classpath];
  if (!existsSync(path.join(logDir, 'meta.properties'))) format(shared, properties);
  const heap = `${settings.KAFKA_HEAP_MB}m`;
  const compiler = quickStart ? ['-XX:TieredStopAtLevel=1'] : [];
  return {
    argv: [
      javaProgram(process.env),
      '-Xms128m',
      `-Xmx${heap}`,
      ...compiler,
      '-Djava.awt.headless=true',
      ...shared,
      'kafka.Kafka',
      properties,
    ],
  };
}

function format(javaOptions: string[], properties: string): void {
  const clusterId = randomBytes(16).toString('base64url');
  // A leading dash would be read as an option.
  if (clusterId.startsWith('-')) return format(javaOptions, properties);
  const args = [
    '-Xmx128m',
    '-XX:TieredStopAtLevel=1',
    ...javaOptions,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId,
    '-c',
    properties,
  ];
  const result = spawnSync(javaProgram(process.env), args, { encoding: 'utf8' });
  if (result.status !== 0)
    throw new LauncherError(
      'server_not_ready',
      `kafka: formatting its data folder failed\n${result.stdout}${result.stderr}`,
    );
}

/** A client happily talks to another project's broker: only the cluster of this data folder counts. */
async function ready({ settings, dataDir }: ServerContext): Promise<boolean> {
  const answer = await ask(settings.KAFKA_PORT, metadataRequest());
  const clusterId = answer === undefined ? undefined : clusterIdOf(answer);
  if (clusterId === undefined) return false;
  const own = /^cluster\.id=(.+)$/m.exec(
    readFileSync(path.join(dataDir, 'log', 'meta.properties'), 'utf8'),
  )?.[1];
  if (clusterId === own) return true;
  throw new LauncherError(
    'port_in_use',
    `another Kafka cluster (${clusterId}) answers on port ${settings.KAFKA_PORT} (KAFKA_PORT); this data folder's is ${own}`,
  );
}
