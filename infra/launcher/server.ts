import type { PortName, Settings } from './settings.ts';

export const serverNames = ['postgres', 'redis', 'kafka', 'registry', 'cassandra'] as const;
export type ServerName = (typeof serverNames)[number];

/** How to run one server. `command` prepares the data folder on first use; it runs once per start. */
export interface ServerSpec {
  name: ServerName;
  /** Whether `servers/<name>/pom.xml` brings its program. */
  needsMaven: boolean;
  needsJava: boolean;
  ports: readonly PortName[];
  /** The port that clients use: printed, and probed. */
  clientPort: PortName;
  stopSignal: NodeJS.Signals;
  stopTimeoutMs: number;
  startTimeoutMs: number;
  command(context: ServerContext): Promise<Command> | Command;
  /** Resolves to true when the server's own protocol answers. */
  ready(context: ServerContext): Promise<boolean>;
}

export interface ServerContext {
  settings: Settings;
  /** This server's data, absolute. */
  dataDir: string;
  /** This server's installed program, absolute. */
  homeDir: string;
  /** The compiler that starts fast instead of the one that gets fast. */
  quickStart: boolean;
}

export interface Command {
  argv: readonly [string, ...string[]];
  env?: Record<string, string>;
  cwd?: string;
}
