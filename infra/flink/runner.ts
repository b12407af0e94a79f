// The command that runs the twins: jars from Maven, our few classes from javac, both made once and again when they change.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LauncherError } from '../launcher/errors.ts';
import { install } from '../launcher/install.ts';
import type { LauncherLogger } from '../launcher/logger.ts';
import { javaProgram } from '../launcher/programs.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const sourceDir = path.join(here, 'java', 'shopstream', 'flink');

export interface RunnerOptions {
  /** Where programs are installed: SERVERS_DIR of the settings. */
  serversDir: string;
  heapMb: number;
  logger: LauncherLogger;
  signal: AbortSignal;
}

/** The command up to the runner's own arguments. Two processors at most: it shares the machine with everything else. */
export async function runnerCommand(options: RunnerOptions): Promise<string[]> {
  const { serversDir, heapMb, logger, signal } = options;
  const homeDir = await install('flink', serversDir, { logger, signal });
  const jars = readFileSync(path.join(homeDir, 'classpath'), 'utf8').trim();
  return [
    javaProgram(process.env),
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:ActiveProcessorCount=2',
    `-Dlog4j2.configurationFile=${path.join(here, 'log4j2.properties')}`,
    '-cp',
    [compile(homeDir, jars), jars].join(path.delimiter),
    'shopstream.flink.Main',
    path.join(here, 'sql'),
  ];
}

/** The folder with our classes, named after what they were made of. */
function compile(homeDir: string, jars: string): string {
  const sources = readdirSync(sourceDir).map((file) => path.join(sourceDir, file));
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  const classesDir = path.join(homeDir, `classes-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(classesDir)) return classesDir;
  const fresh = mkdtempSync(`${classesDir}-`);
  try {
    const javac = path.join(path.dirname(javaProgram(process.env)), 'javac');
    const result = spawnSync(javac, ['-cp', jars, '-d', fresh, ...sources], { encoding: 'utf8' });
    if (result.status !== 0) {
      const why = result.error?.message ?? result.stderr;
      throw new LauncherError('install_failed', `flink: javac could not compile infra/flink/java\n${why}`);
    }
    // Another process may have been faster; its result is the same.
    if (!existsSync(classesDir)) renameSync(fresh, classesDir);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return classesDir;
}
