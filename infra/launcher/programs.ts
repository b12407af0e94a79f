import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { LauncherError } from './errors.ts';

const cassandraJavaVersion = 17;

/** The Java that runs the servers: JAVA_HOME's when it is set, else the one on the PATH. */
export function javaProgram(env: NodeJS.ProcessEnv): string {
  const home = env['JAVA_HOME'];
  return home === undefined || home === '' ? 'java' : path.join(home, 'bin', 'java');
}

/** Cassandra 5.0 runs on Java 17 at most, Kafka 4 on Java 17 at least. */
export function checkJava(java: string): void {
  const { stderr, error } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  if (error !== undefined) {
    throw new LauncherError(
      'missing_program',
      `Java ${cassandraJavaVersion} is needed, and "${java}" does not start: ${error.message}. Install a JDK 17, or set JAVA_HOME to one.`,
    );
  }
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (version !== cassandraJavaVersion) {
    throw new LauncherError(
      'missing_program',
      `Java ${cassandraJavaVersion} is needed, "${java}" is version ${version}. Set JAVA_HOME to a JDK 17.`,
    );
  }
}

export function canRun(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
