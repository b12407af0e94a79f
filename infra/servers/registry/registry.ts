import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { javaProgram } from '../../launcher/programs.ts';
import type { Command, ServerContext, ServerSpec } from '../../launcher/server.ts';

export const registry: ServerSpec = {
  name: 'registry',
  needsMaven: true,
  needsJava: true,
  ports: ['REGISTRY_PORT'],
  clientPort: 'REGISTRY_PORT',
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 20_000,
  startTimeoutMs: 120_000,
  command,
  ready: async ({ settings }) => {
    const response = await fetch(`http://127.0.0.1:${settings.REGISTRY_PORT}/apis/ccompat/v7/subjects`).catch(
      () => undefined,
    );
    return response?.ok ?? false;
  },
};

function command({ settings, dataDir, homeDir, quickStart }: ServerContext): Command {
  mkdirSync(dataDir, { recursive: true });
  const properties = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': String(settings.REGISTRY_PORT),
    'quarkus.http.access-log.enabled': 'false',
    'apicurio.storage.kind': 'sql',
    'apicurio.storage.sql.kind': 'h2',
    'apicurio.datasource.url': `jdbc:h2:file:${path.join(dataDir, 'registry')};DB_CLOSE_ON_EXIT=FALSE`,
    'apicurio.datasource.jdbc.initial-size': '1',
    'apicurio.datasource.jdbc.min-size': '1',
    'apicurio.datasource.jdbc.max-size': '8',
    // Without it the order of an object's keys makes a new version.
    'apicurio.ccompat.use-canonical-hash': 'true',
  };
  const options = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
  const compiler = quickStart ? ['-XX:TieredStopAtLevel=1'] : [];
  const java = javaProgram(process.env);
  return {
    argv: [
      java,
      `-Xmx${settings.REGISTRY_HEAP_MB}m`,
      '-XX:+UseSerialGC',
      ...compiler,
      ...options,
      '-jar',
      'apicurio-registry-app-3.0.9-runner.jar',
    ],
    cwd: homeDir,
  };
}
