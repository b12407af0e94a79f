import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { LauncherError } from './errors.ts';
import type { LauncherLogger } from './logger.ts';
import type { ServerName } from './server.ts';
import { repositoryRoot } from './settings.ts';

const progressEveryMs = 3_000;

export interface InstallOptions {
  logger: LauncherLogger;
  signal: AbortSignal;
}

/**
 * The folder with a server's program, resolved by Maven from the server's pom.xml. It is named after the pom's hash: it
 * is made once, and made again when a version changes. Jars stay in Maven's own repository.
 */
export async function install(
  name: ServerName | 'flink',
  serversDir: string,
  options: InstallOptions,
): Promise<string> {
  const pom = path.join(repositoryRoot, 'infra', 'servers', name, 'pom.xml');
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const homeDir = path.join(serversDir, `${name}-${hash}`);
  if (isComplete(homeDir)) return homeDir;
  const startedAt = Date.now();
  options.logger.info(`${name}: installing with Maven, once`);
  rmSync(homeDir, { recursive: true, force: true });
  mkdirSync(serversDir, { recursive: true });
  const fresh = mkdtempSync(`${homeDir}-`);
  try {
    await runMaven(name, ['-B', '-C', '-f', pom, 'package', `-Dserver.home=${fresh}`], options);
    // Another launcher may have been faster; its result is the same.
    if (!existsSync(homeDir)) renameSync(fresh, homeDir);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  options.logger.info(`${name}: installed in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`);
  return homeDir;
}

function isComplete(homeDir: string): boolean {
  const classpath = path.join(homeDir, 'classpath');
  if (!existsSync(classpath)) return existsSync(homeDir);
  return readFileSync(classpath, 'utf8')
    .trim()
    .split(path.delimiter)
    .every((jar) => existsSync(jar));
}

async function runMaven(name: string, args: string[], { logger, signal }: InstallOptions): Promise<void> {
  const child = spawn('mvn', args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  const lines: string[] = [];
  let downloads = 0;
  let reportedAt = Date.now();
  const collect = (line: string) => {
    if (/^(\[INFO\] )?Download(ing|ed) from/.test(line)) downloads += line.includes('Downloaded') ? 1 : 0;
    else lines.push(line);
    if (downloads === 0 || Date.now() - reportedAt < progressEveryMs) return;
    reportedAt = Date.now();
    logger.info(`${name}: ${downloads} files downloaded`);
  };
  createInterface({ input: child.stdout }).on('line', collect);
  createInterface({ input: child.stderr }).on('line', collect);
  const outcome = await Promise.race([
    failure,
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (outcome === 0) return;
  signal.throwIfAborted();
  if (outcome instanceof Error)
    throw new LauncherError(
      'missing_program',
      `Maven is needed to install the servers, and "mvn" does not start: ${outcome.message}`,
    );
  throw new LauncherError(
    'install_failed',
    `${name}: Maven could not install it\n${lines.slice(-20).join('\n')}`,
  );
}
